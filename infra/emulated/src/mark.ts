/** What both resources hand over to Pulumi alike; the providers need none of it. */
import * as pulumi from '@pulumi/pulumi';
import { MARK } from './control/control-inputs';

/** Annotations that name stack and resource: by them a later run knows what one that was killed has made. */
export function annotationsOf(
  name: string,
  options: pulumi.CustomResourceOptions | undefined,
): pulumi.Input<Record<string, string>> {
  const parent = options?.parent;
  if (parent === undefined) return { [MARK]: `urn:pulumi:${pulumi.getStack()}::${pulumi.getProject()} ${name}` };
  // A promise, for by an output the resource would depend on its parent's other children too.
  return new Promise((resolve) => parent.urn.apply((owner) => resolve({ [MARK]: `${owner} ${name}` })));
}

/** Names clash, so a replacement deletes first; a forced one asks no provider, so the options say it too. */
export function deletedFirst(options: pulumi.CustomResourceOptions | undefined): pulumi.CustomResourceOptions {
  return { deleteBeforeReplace: true, ...options };
}
