/**
 * An error whose message is printed once, and without a stack. Of what check, diff, read and delete throw, Pulumi's server of
 * dynamic providers prints `${error}: ${error.stack}` before the engine prints the message
 * (sdk/nodejs/cmd/dynamic-provider/index.ts).
 *
 * @param message All there is to say.
 * @param step What failed, in a few words: `read bucket "in"`.
 */
export function plainError(message: string, step: string): Error {
  return Object.assign(new Error(message), { stack: 'failed', toString: () => step });
}
