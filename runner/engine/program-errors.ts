/** Errors of the program, in words for people. */

/** The program did not run as a program should; the message says all there is to say. */
export class ProgramError extends Error {}

/** Each problem once: one error can surface in many promises. */
export function describeErrors(errors: ReadonlySet<unknown>): string[] {
  return [...new Set([...errors].map(describeError))];
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `The program failed: ${String(error)}`;
  return hidesStack(error) ? error.message : `The program failed: ${error.stack ?? error.message}`;
}

/** Pulumi's `RunError`, and its `ResourceError` if so made, are for people: known by their marks (`sdk/nodejs/errors.ts`). */
function hidesStack(error: Error): boolean {
  return (
    error instanceof ProgramError || '__pulumiRunError' in error || ('hideStack' in error && error.hideStack === true)
  );
}
