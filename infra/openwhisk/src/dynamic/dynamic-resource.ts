import * as pulumi from '@pulumi/pulumi';
import type { SerializedProvider } from './thin-provider';

/**
 * A dynamic resource: `pulumi.dynamic.Resource` (sdk/nodejs/dynamic/index.ts), with a provider that is serialized already. The
 * engine, and the process that runs providers, cannot tell the two apart.
 */
export abstract class DynamicResource extends pulumi.CustomResource {
  /**
   * @param provider of `providerOf`
   * @param props inputs, and `undefined` for each output that is none of them
   * @param module and `type` are the parts of its type: `openwhisk` and `Action`
   */
  constructor(
    provider: SerializedProvider,
    name: string,
    props: pulumi.Inputs,
    options: pulumi.CustomResourceOptions | undefined,
    module: string,
    type: string,
  ) {
    super(`pulumi-nodejs:dynamic/${module}:${type}`, name, { ...props, __provider: provider }, options);
  }
}
