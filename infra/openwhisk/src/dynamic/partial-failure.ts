/**
 * A create or update that got halfway. Pulumi's dynamic-provider server turns an error with these three fields into
 * `ErrorResourceInitFailed`, so the state knows what exists and the next update goes on from there
 * (pulumi/sdk/nodejs/cmd/dynamic-provider, `grpcResponseFromError`).
 */
export class PartialFailure extends Error {
  /**
   * @param id Id of what exists.
   * @param properties Its outputs as they really are.
   * @param reasons What failed, in words.
   */
  constructor(
    readonly id: string,
    readonly properties: object,
    readonly reasons: readonly string[],
  ) {
    super(reasons.join('\n'));
    this.name = 'PartialFailure';
  }
}
