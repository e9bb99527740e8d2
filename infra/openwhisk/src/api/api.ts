import * as pulumi from '@pulumi/pulumi';
import type { Connection } from '../connection/connection';
import { DynamicResource } from '../dynamic/dynamic-resource';
import { deletedFirst, markOf } from '../dynamic/resource-options';
import { providerOf } from '../dynamic/thin-provider';
import { secretOf } from '../entity/optional-input';

/** Arguments of an {@link Api}. */
export interface ApiArgs {
  readonly connection: pulumi.Input<Connection>;
  /** What all operations of one API begin with, e.g. `/convert`. */
  readonly basePath: pulumi.Input<string>;
  /** The rest, e.g. `/pdf`; may have `{parameters}` when `responseType` is `http`. */
  readonly path: pulumi.Input<string>;
  /** `get`, `put`, `post`, `delete`, `patch`, `head` or `options`. */
  readonly verb: pulumi.Input<string>;
  /** A web action: `name`, `package/name`, or with `/namespace/` in front. */
  readonly action: pulumi.Input<string>;
  /** How the action's result becomes an answer; `json` by default, `http` for actions that make status and headers. */
  readonly responseType?: pulumi.Input<'json' | 'http' | 'html' | 'text' | 'svg' | undefined>;
  /** Title of the API: give all operations of one base path the same. The base path unless given. */
  readonly apiName?: pulumi.Input<string | undefined>;
  /** The `webSecret` of the action, if it has one; the gateway then sends it. */
  readonly secureKey?: pulumi.Input<string | undefined>;
  /** Takes over an operation that already exists. */
  readonly adopt?: pulumi.Input<boolean | undefined>;
}

/**
 * One operation (path and verb) of an API on OpenWhisk's gateway.
 *
 * @example
 * const post = new Api('convert', {
 *   connection,
 *   basePath: '/convert',
 *   path: '/pdf',
 *   verb: 'post',
 *   action: convert.fullyQualifiedName,
 *   responseType: 'http',
 * });
 * export const url = post.url;
 */
export class Api extends DynamicResource {
  declare readonly basePath: pulumi.Output<string>;
  declare readonly path: pulumi.Output<string>;
  declare readonly verb: pulumi.Output<string>;
  declare readonly action: pulumi.Output<string>;
  /** URL of the operation. */
  declare readonly url: pulumi.Output<string>;
  declare readonly secureKey: pulumi.Output<string | undefined>;

  constructor(name: string, args: ApiArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = {
      ...args,
      connection: pulumi.secret(args.connection),
      mark: markOf(name, options),
      secureKey: secretOf(args.secureKey),
    };
    const outputs = { namespace: undefined, url: undefined, version: undefined };
    super(provider, name, { ...outputs, ...inputs }, deletedFirst(options), 'openwhisk', 'Api');
  }
}

const provider = providerOf('@pdfmagic/openwhisk/providers', 'apis');
