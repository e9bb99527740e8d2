import * as pulumi from '@pulumi/pulumi';
import { deletedFirst, markOf } from '../input/resource-options';

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
  /** Takes over a bucket of this name that exists already. */
  readonly adopt?: pulumi.Input<boolean> | undefined;
}

/**
 * A bucket on a Cloud Storage emulator.
 *
 * @example
 * const inbox = new Bucket('inbox', { endpoint: 'http://127.0.0.1:4443', forceDestroy: true });
 */
export class Bucket extends pulumi.dynamic.Resource {
  declare readonly name: pulumi.Output<string>;
  declare readonly endpoint: pulumi.Output<string>;
  declare readonly labels: pulumi.Output<Record<string, string> | undefined>;

  constructor(name: string, args: BucketArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, name: args.name ?? name, mark: markOf(name, options) };
    super(provider, name, inputs, deletedFirst(options), 'emulated-storage', 'Bucket');
  }
}

// Serialized into the state of every bucket: one `require` a method, nothing captured.
const provider: pulumi.dynamic.ResourceProvider = {
  check: (olds, news) => require('@pdfmagic/emulated/providers').buckets.check(olds, news),
  diff: (id, olds, news) => require('@pdfmagic/emulated/providers').buckets.diff(id, olds, news),
  create: (inputs) => require('@pdfmagic/emulated/providers').buckets.create(inputs),
  read: (id, olds) => require('@pdfmagic/emulated/providers').buckets.read(id, olds),
  update: (id, olds, news) => require('@pdfmagic/emulated/providers').buckets.update(id, olds, news),
  delete: (id, olds) => require('@pdfmagic/emulated/providers').buckets.delete(id, olds),
};
