import * as pulumi from '@pulumi/pulumi';
import type { Connection } from './connection';

/**
 * The name by which other entities refer to one: `/namespace/name` or `/namespace/package/name`.
 *
 * It is put together in the program from inputs alone, not taken from what OpenWhisk answers: so it is known in a
 * preview too, and an update of an action does not look like a change of the rules and APIs that point to it.
 *
 * @param segments Outputs of the resource, so that whoever uses the name also depends on the resource.
 */
export function qualifyName(
  connection: pulumi.Input<Connection>,
  ...segments: pulumi.Output<string | undefined>[]
): pulumi.Output<string> {
  // The connection is secret because of its key; a namespace is not.
  const namespace = pulumi.unsecret(pulumi.output(connection).apply((known) => known.namespace ?? '_'));
  return pulumi
    .all([namespace, ...segments])
    .apply((parts) => `/${parts.filter((part) => part !== undefined && part !== '').join('/')}`);
}
