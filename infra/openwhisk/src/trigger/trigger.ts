import * as pulumi from '@pulumi/pulumi';
import type { Connection } from '../connection/connection';
import { qualifyName } from '../connection/qualified-name';
import { DynamicResource } from '../dynamic/dynamic-resource';
import { deletedFirst, markOf } from '../dynamic/resource-options';
import { providerOf } from '../dynamic/thin-provider';
import { nameOf } from '../entity/optional-input';
import type { JsonObject } from '../json';

/** Arguments of a {@link Trigger}. */
export interface TriggerArgs {
  readonly connection: pulumi.Input<Connection>;
  /** Name in OpenWhisk; the name of the resource unless given. */
  readonly name?: pulumi.Input<string | undefined>;
  /** Default parameters of every event. Secret values stay secret. */
  readonly parameters?: pulumi.Input<object | undefined>;
  readonly annotations?: pulumi.Input<object | undefined>;
  readonly publish?: pulumi.Input<boolean | undefined>;
  /**
   * The action that makes a source of events fire this trigger, e.g. `/whisk.system/alarms/alarm`. It is invoked with
   * `lifecycleEvent` CREATE when the trigger is made and DELETE when it goes; a change is a DELETE and a CREATE.
   */
  readonly feed?: pulumi.Input<string | undefined>;
  /** Parameters of the feed, e.g. `{ cron: '0 * * * *' }`. Secret values stay secret. */
  readonly feedParameters?: pulumi.Input<object | undefined>;
  /** Takes over a trigger of this name that already exists. */
  readonly adopt?: pulumi.Input<boolean | undefined>;
}

/**
 * A trigger. Its rules belong to it: when it is replaced, {@link Rule}s that refer to it are replaced too.
 *
 * @example
 * const hourly = new Trigger('hourly', {
 *   connection,
 *   feed: '/whisk.system/alarms/alarm',
 *   feedParameters: { cron: '0 * * * *' },
 * });
 */
export class Trigger extends DynamicResource {
  declare readonly name: pulumi.Output<string>;
  /** The real namespace, also when the connection names none. */
  declare readonly namespace: pulumi.Output<string>;
  declare readonly version: pulumi.Output<string>;
  declare readonly parameters: pulumi.Output<JsonObject | undefined>;
  declare readonly annotations: pulumi.Output<JsonObject | undefined>;
  declare readonly feed: pulumi.Output<string | undefined>;
  declare readonly feedParameters: pulumi.Output<JsonObject | undefined>;
  /** `/namespace/name`, with the namespace of the connection; `_` when it names none. */
  readonly fullyQualifiedName: pulumi.Output<string>;

  constructor(name: string, args: TriggerArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = {
      ...args,
      name: nameOf(args.name, name),
      connection: pulumi.secret(args.connection),
      mark: markOf(name, options),
    };
    const outputs = { namespace: undefined, version: undefined };
    super(provider, name, { ...outputs, ...inputs }, deletedFirst(options), 'openwhisk', 'Trigger');
    this.fullyQualifiedName = qualifyName(args.connection, this.name);
  }
}

const provider = providerOf('@pdfmagic/openwhisk/providers', 'triggers');
