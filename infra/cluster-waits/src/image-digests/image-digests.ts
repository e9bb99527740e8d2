import { DynamicResource, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import type * as pulumi from '@pulumi/pulumi';

/** Arguments of {@link ImageDigests}. */
export interface ImageDigestsArgs {
  /** `NAME:TAG` of each image, by a name of one's own. */
  readonly images: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>>>;
  /** What to do when a registry does not answer, in words for a user: a part of the error. */
  readonly otherwise?: pulumi.Input<string> | undefined;
}

/**
 * The digests that tags had when they were first used. The state holds them: whatever the tags come to mean later, the same
 * images run. A registry is asked again only for an image with another name or tag.
 */
export class ImageDigests extends DynamicResource {
  /** `sha256:...` by the names of the arguments. */
  declare readonly digests: pulumi.Output<Readonly<Record<string, string>>>;

  constructor(name: string, args: ImageDigestsArgs, options?: pulumi.CustomResourceOptions) {
    super(provider, name, { ...args, digests: undefined }, options, 'cluster-waits', 'ImageDigests');
  }
}

const provider = providerOf('@pdfmagic/cluster-waits/providers', 'imageDigests', ['check', 'create', 'update']);
