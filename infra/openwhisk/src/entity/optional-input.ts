import * as pulumi from '@pulumi/pulumi';

/** The name that was given, or another where none was, also where that is known only when the program runs. */
export function nameOf(given: pulumi.Input<string | undefined>, otherwise: string): pulumi.Input<string> {
  if (given === undefined || typeof given === 'string') return given ?? otherwise;
  return pulumi.output(given).apply((name) => name ?? otherwise);
}

/** The value as a secret. Nothing stays nothing: a secret of nothing would arrive as `null`. */
export function secretOf<T>(given: pulumi.Input<T | undefined>): pulumi.Output<T | undefined> {
  return pulumi
    .output(given)
    .apply((value) => (value === undefined ? undefined : pulumi.secret(value))) as pulumi.Output<T | undefined>;
}
