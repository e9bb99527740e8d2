import * as pulumi from '@pulumi/pulumi';
import type { Connection } from '../connection/connection';
import { DynamicResource } from '../dynamic/dynamic-resource';
import { deletedFirst, markOf } from '../dynamic/resource-options';
import { providerOf } from '../dynamic/thin-provider';
import { nameOf } from '../entity/optional-input';

/** Arguments of a {@link Rule}. */
export interface RuleArgs {
  readonly connection: pulumi.Input<Connection>;
  /** Name in OpenWhisk; the name of the resource unless given. */
  readonly name?: pulumi.Input<string | undefined>;
  /** `name` or `/namespace/name`. Take it from a {@link Trigger}, so that the rule follows when that is replaced. */
  readonly trigger: pulumi.Input<string>;
  /** `name`, `package/name`, or with `/namespace/` in front. */
  readonly action: pulumi.Input<string>;
  /** `active` by default. */
  readonly status?: pulumi.Input<'active' | 'inactive' | undefined>;
  /** Takes over a rule of this name that already exists. */
  readonly adopt?: pulumi.Input<boolean | undefined>;
}

/**
 * A rule: when the trigger fires, the action runs.
 *
 * @example
 * new Rule('convert-new-files', {
 *   connection,
 *   trigger: newFile.fullyQualifiedName,
 *   action: convert.fullyQualifiedName,
 * });
 */
export class Rule extends DynamicResource {
  declare readonly name: pulumi.Output<string>;
  /** The real namespace, also when the connection names none. */
  declare readonly namespace: pulumi.Output<string>;
  declare readonly version: pulumi.Output<string>;
  declare readonly trigger: pulumi.Output<string>;
  declare readonly action: pulumi.Output<string>;
  declare readonly status: pulumi.Output<'active' | 'inactive' | undefined>;

  constructor(name: string, args: RuleArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = {
      ...args,
      name: nameOf(args.name, name),
      connection: pulumi.secret(args.connection),
      mark: markOf(name, options),
    };
    const outputs = { namespace: undefined, version: undefined };
    super(provider, name, { ...outputs, ...inputs }, deletedFirst(options), 'openwhisk', 'Rule');
  }
}

const provider = providerOf('@pdfmagic/openwhisk/providers', 'rules');
