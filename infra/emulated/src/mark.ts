/** How the mark of a resource is written on what it makes: by it a later run knows what one that was killed has made. */
import { createHash } from 'node:crypto';
import { markOf } from '@pdfmagic/openwhisk/dynamic-resource';
import type * as pulumi from '@pulumi/pulumi';

/** In letters that a label of a bucket may have. */
export async function labelOf(name: string, options: pulumi.CustomResourceOptions | undefined): Promise<string> {
  return createHash('sha256')
    .update(await markText(name, options))
    .digest('hex')
    .slice(0, 40);
}

/** As the text of an annotation, which names stack and resource. */
export async function markText(name: string, options: pulumi.CustomResourceOptions | undefined): Promise<string> {
  const { owner, name: resource } = await markOf(name, options);
  return `${owner} ${resource}`;
}
