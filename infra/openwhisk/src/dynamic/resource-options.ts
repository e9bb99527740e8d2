/** What all resources hand over to Pulumi alike; the providers need none of it. */
import * as pulumi from '@pulumi/pulumi';

/** Which resource of which stack made something. */
export interface Mark {
  /** URN of the resource's parent; without one, of the stack: `urn:pulumi:STACK::PROJECT`. */
  readonly owner: string;
  /** Name of the resource. */
  readonly name: string;
}

/** The mark of a resource of this name and with these options. */
export function markOf(name: string, options: pulumi.CustomResourceOptions | undefined): Promise<Mark> {
  const parent = options?.parent;
  if (parent === undefined) {
    return Promise.resolve({ owner: `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()}`, name });
  }
  // A promise, for by an output the resource would depend on its parent's other children too.
  return new Promise((resolve) => parent.urn.apply((owner) => resolve({ owner, name })));
}

/**
 * The options of a resource. Names clash, so a replacement deletes first: said here too and not by `diff` alone, for a
 * replacement that is forced (`pulumi up --replace`, `pulumi state taint`) asks no provider.
 */
export function deletedFirst(options: pulumi.CustomResourceOptions | undefined): pulumi.CustomResourceOptions {
  return { deleteBeforeReplace: true, ...options };
}
