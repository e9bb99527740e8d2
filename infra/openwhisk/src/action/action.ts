import * as pulumi from '@pulumi/pulumi';
import type { Connection } from '../connection/connection';
import { qualifyName } from '../connection/qualified-name';
import { DynamicResource } from '../dynamic/dynamic-resource';
import { deletedFirst, markOf } from '../dynamic/resource-options';
import { providerOf } from '../dynamic/thin-provider';
import { nameOf, secretOf } from '../entity/optional-input';
import type { JsonObject } from '../json';
import { describeCode } from './code';

/** Arguments of an {@link Action}. Give `codeFile` or `code` with `kind` or `image`; or `components`. */
export interface ActionArgs {
  readonly connection: pulumi.Input<Connection>;
  /** Name in OpenWhisk; the name of the resource unless given. */
  readonly name?: pulumi.Input<string | undefined>;
  /** Package to put it in; without one it is in the namespace's default package. */
  readonly package?: pulumi.Input<string | undefined>;
  /** Path of a zip (or jar, or source file). Only its path and SHA-256 are kept. */
  readonly codeFile?: pulumi.Input<string | undefined>;
  /** Source text, for small actions. */
  readonly code?: pulumi.Input<string | undefined>;
  /** A runtime of the platform: `python:3.11`, `nodejs:default`. */
  readonly kind?: pulumi.Input<string | undefined>;
  /** A container image that speaks OpenWhisk's action protocol, instead of a `kind`. */
  readonly image?: pulumi.Input<string | undefined>;
  /** Function to call, if it is not `main`. */
  readonly main?: pulumi.Input<string | undefined>;
  /** Makes this a sequence: each action gets the result of the one before. */
  readonly components?: pulumi.Input<pulumi.Input<string>[] | undefined>;
  /** Default parameters. Secret values stay secret. */
  readonly parameters?: pulumi.Input<object | undefined>;
  readonly annotations?: pulumi.Input<object | undefined>;
  /** True: callers cannot override the default parameters. By default true for web actions, as `wsk` has it. */
  readonly final?: pulumi.Input<boolean | undefined>;
  /** `on`: callable by URL without a key; `raw`: too, and the action gets the request as it came. `off` by default. */
  readonly web?: pulumi.Input<'off' | 'on' | 'raw' | undefined>;
  /** What web callers must send in `X-Require-Whisk-Auth`; `true` asks them for an OpenWhisk key instead. */
  readonly webSecret?: pulumi.Input<string | true | undefined>;
  /** Longest run in milliseconds; 60000 by default. */
  readonly timeout?: pulumi.Input<number | undefined>;
  /** MiB; 256 by default. */
  readonly memory?: pulumi.Input<number | undefined>;
  /** MiB of logs per activation; 10 by default. */
  readonly logs?: pulumi.Input<number | undefined>;
  /** Invocations at a time in one container; 1 by default. */
  readonly concurrency?: pulumi.Input<number | undefined>;
  readonly publish?: pulumi.Input<boolean | undefined>;
  /** Takes over an action of this name that already exists. */
  readonly adopt?: pulumi.Input<boolean | undefined>;
}

/**
 * An action, or a sequence of actions.
 *
 * @example
 * const hello = new Action('hello', {
 *   connection,
 *   kind: 'nodejs:default',
 *   code: 'function main({ name }) { return { greeting: `Hello ${name}` }; }',
 *   parameters: { name: 'world' },
 * });
 * const convert = new Action('convert', { connection, codeFile: 'build/convert.zip', kind: 'python:3.11', web: 'on' });
 * new Action('both', { connection, components: [hello.fullyQualifiedName, convert.fullyQualifiedName] });
 */
export class Action extends DynamicResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly package: pulumi.Output<string | undefined>;
  /** The real namespace, also when the connection names none. */
  declare readonly namespace: pulumi.Output<string>;
  declare readonly version: pulumi.Output<string>;
  /** Where the code came from, and its SHA-256. */
  declare readonly code: pulumi.Output<{ readonly file?: string; readonly sha256: string } | undefined>;
  declare readonly parameters: pulumi.Output<JsonObject | undefined>;
  declare readonly annotations: pulumi.Output<JsonObject | undefined>;
  /** URL of a web action; undefined for others. Append `.json`, `.http` and so on for another form of answer. */
  declare readonly url: pulumi.Output<string | undefined>;
  declare readonly webSecret: pulumi.Output<string | true | undefined>;
  /** `/namespace/package/name`, with the namespace of the connection; `_` when it names none. */
  readonly fullyQualifiedName: pulumi.Output<string>;

  constructor(name: string, args: ActionArgs, options?: pulumi.CustomResourceOptions) {
    const { codeFile, code: source, webSecret, ...others } = args;
    const inputs = {
      ...others,
      name: nameOf(args.name, name),
      connection: pulumi.secret(args.connection),
      mark: markOf(name, options),
      code: pulumi.all([codeFile, source]).apply(([file, text]) => describeCode(file, text)),
      webSecret: secretOf(webSecret),
    };
    const outputs = { namespace: undefined, version: undefined, updated: undefined, url: undefined };
    super(provider, name, { ...outputs, ...inputs }, deletedFirst(options), 'openwhisk', 'Action');
    const inPackage = args.package === undefined ? [] : [this.package];
    this.fullyQualifiedName = qualifyName(args.connection, ...inPackage, this.name);
  }
}

const provider = providerOf('@pdfmagic/openwhisk/providers', 'actions');
