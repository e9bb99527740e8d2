import * as pulumi from '@pulumi/pulumi';
import type { Connection } from '../connection/connection';
import { qualifyName } from '../connection/qualified-name';
import { DynamicResource } from '../dynamic/dynamic-resource';
import { deletedFirst, markOf } from '../dynamic/resource-options';
import { providerOf } from '../dynamic/thin-provider';
import { nameOf } from '../entity/optional-input';
import type { JsonObject } from '../json';

/** Arguments of a {@link Package}. */
export interface PackageArgs {
  readonly connection: pulumi.Input<Connection>;
  /** Name in OpenWhisk; the name of the resource unless given. */
  readonly name?: pulumi.Input<string | undefined>;
  /** Default parameters of all actions inside. Secret values stay secret. */
  readonly parameters?: pulumi.Input<object | undefined>;
  readonly annotations?: pulumi.Input<object | undefined>;
  /** True: anybody may use its actions. */
  readonly publish?: pulumi.Input<boolean | undefined>;
  /** Makes this a binding of another package, whose actions it then shows with its own parameters. */
  readonly binding?: pulumi.Input<
    | {
        /** `_`, the default, is one's own. */
        readonly namespace?: pulumi.Input<string | undefined>;
        readonly name: pulumi.Input<string>;
      }
    | undefined
  >;
  /** Takes over a package of this name that already exists. */
  readonly adopt?: pulumi.Input<boolean | undefined>;
}

/**
 * A package of OpenWhisk, or a binding of one.
 *
 * @example
 * const tools = new Package('tools', { connection, parameters: { unit: 'mm' } });
 * new Package('my-alarms', { connection, binding: { namespace: 'whisk.system', name: 'alarms' } });
 */
export class Package extends DynamicResource {
  declare readonly name: pulumi.Output<string>;
  /** The real namespace, also when the connection names none. */
  declare readonly namespace: pulumi.Output<string>;
  /** `/namespace/name`, with the namespace of the connection; `/_/name` when it names none. */
  readonly fullyQualifiedName: pulumi.Output<string>;
  declare readonly version: pulumi.Output<string>;
  declare readonly parameters: pulumi.Output<JsonObject | undefined>;
  declare readonly annotations: pulumi.Output<JsonObject | undefined>;
  declare readonly publish: pulumi.Output<boolean | undefined>;

  constructor(name: string, args: PackageArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = {
      ...args,
      name: nameOf(args.name, name),
      connection: pulumi.secret(args.connection),
      mark: markOf(name, options),
    };
    const outputs = { namespace: undefined, version: undefined };
    super(provider, name, { ...outputs, ...inputs }, deletedFirst(options), 'openwhisk', 'Package');
    this.fullyQualifiedName = qualifyName(args.connection, this.name);
  }
}

const provider = providerOf('@pdfmagic/openwhisk/providers', 'packages');
