/** Taking over entities that are there already: config key `adopt`. */
import type * as pulumi from '@pulumi/pulumi';

const OPENWHISK = 'pulumi-nodejs:dynamic/openwhisk:';

/** Options of a component whose entities of OpenWhisk take over what has their names, when `adopt` says so. */
export function passAdoptOn(
  adopt: boolean,
  options: pulumi.ComponentResourceOptions = {},
): pulumi.ComponentResourceOptions {
  if (!adopt) return options;
  const adoption: pulumi.ResourceTransformation = ({ type, props, opts }) =>
    type.startsWith(OPENWHISK) ? { props: { ...props, adopt }, opts } : undefined;
  return { ...options, transformations: [...(options.transformations ?? []), adoption] };
}
