/** What all resources hand over to Pulumi alike; the providers need none of it. */
import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';

/** The mark of a resource of this name and with these options, in letters that a label may have. */
export function markOf(name: string, options: pulumi.CustomResourceOptions | undefined): pulumi.Input<string> {
  const parent = options?.parent;
  if (parent === undefined) return digestOf(`urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}`, name);
  // A promise, for by an output the resource would depend on its parent's other children too.
  return new Promise((resolve) => parent.urn.apply((owner) => resolve(digestOf(owner, name))));
}

/** Names clash, so a replacement deletes first; a forced one asks no provider, so the options say it too. */
export function deletedFirst(options: pulumi.CustomResourceOptions | undefined): pulumi.CustomResourceOptions {
  return { deleteBeforeReplace: true, ...options };
}

function digestOf(owner: string, name: string): string {
  return createHash('sha256').update(`${owner} ${name}`).digest('hex').slice(0, 40);
}
