import { DynamicResource, deletedFirst, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import type * as pulumi from '@pulumi/pulumi';
import { labelOf } from '../mark';

/** Arguments of a {@link Bucket}. */
export interface BucketArgs {
  /** URL of the emulator, e.g. `http://127.0.0.1:4443`. */
  readonly endpoint: pulumi.Input<string>;
  /** The name of the resource unless given. */
  readonly name?: pulumi.Input<string> | undefined;
  readonly labels?: pulumi.Input<Record<string, pulumi.Input<string>>> | undefined;
  /** True: deleting the bucket deletes what is in it. False by default: then it must be empty. */
  readonly forceDestroy?: pulumi.Input<boolean> | undefined;
  /**
   * True: another name may replace a bucket that has files in it, which deletes them. False by default: then the change is
   * refused, with their number.
   */
  readonly forceReplace?: pulumi.Input<boolean> | undefined;
  /** Takes over a bucket of this name that already exists. */
  readonly adopt?: pulumi.Input<boolean> | undefined;
}

/**
 * A bucket on a Cloud Storage emulator.
 *
 * @example
 * const inbox = new Bucket('inbox', { endpoint: 'http://127.0.0.1:4443', forceDestroy: true });
 */
export class Bucket extends DynamicResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly endpoint: pulumi.Output<string>;
  declare readonly labels: pulumi.Output<Record<string, string> | undefined>;

  constructor(name: string, args: BucketArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, name: args.name ?? name, mark: labelOf(name, options) };
    super(provider, name, inputs, deletedFirst(options), 'emulated-storage', 'Bucket');
  }
}

const provider = providerOf('@pdfmagic/emulated/providers', 'buckets');
