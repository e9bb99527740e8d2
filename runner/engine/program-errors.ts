/** Errors of the program, in words for people. */
import { explainFileError } from '../../ground/file-error';

/** The program did not run as a program should; the message says all there is to say. */
export class ProgramError extends Error {}

/** The program does not come to an end: where anything else went wrong, only a consequence of that. */
export class EndlessError extends ProgramError {}

/** Each problem once: one error can surface in many promises. */
export function describeErrors(errors: ReadonlySet<unknown>): string[] {
  const causes = [...errors].filter((error) => !(error instanceof EndlessError));
  return [...new Set((causes.length > 0 ? causes : [...errors]).map(describeError))];
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `The program failed: ${String(error)}`;
  if (hidesStack(error)) return error.message;
  return explainFileError(error) ?? `The program failed: ${withOwnPlace(error)}`;
}

/** The error and the line of the program that it comes from, without the calls of libraries and of Node.js. */
function withOwnPlace(error: Error): string {
  const place = error.stack?.split('\n').find((line) => /^ {4}at /.test(line) && !/node_modules|\(?node:/.test(line));
  return [`${error.name}: ${error.message}`, ...(place === undefined ? [] : [place])].join('\n');
}

/** Pulumi's `RunError`, and its `ResourceError` if so made, are for people: known by their marks (`sdk/nodejs/errors.ts`). */
function hidesStack(error: Error): boolean {
  return (
    error instanceof ProgramError || '__pulumiRunError' in error || ('hideStack' in error && error.hideStack === true)
  );
}
