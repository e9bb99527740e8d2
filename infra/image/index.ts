/** The runtime image: built from runtime/ and pushed, under a tag made of its content. See README.md. */
import type * as pulumi from '@pulumi/pulumi';

export interface RuntimeImageArgs {
  /** The OpenWhisk Python action image to build on. */
  readonly baseImage: string;
  /** Registry and folder to push to, without the image's own name. */
  readonly repository: pulumi.Output<string>;
}

/** Builds and pushes the image with @pulumi/docker. Its name with tag, known once it has been pushed. */
export declare function runtimeImage(args: RuntimeImageArgs): pulumi.Output<string>;

/** The tag: the same for the same content of runtime/ and the same base image. */
export declare function contentTag(baseImage: string): string;
