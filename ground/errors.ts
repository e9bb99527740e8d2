/** Any error in words, and what kind of error it is. */

/** What an error says; anything else that was thrown, as text. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of an error: a system error's, such as `ENOENT`, or a client's number; undefined if it has none. */
export function codeOf(error: unknown): string | number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? code : undefined;
}

/** Whether an error has one of these codes. */
export function hasCode(error: unknown, ...codes: readonly (string | number)[]): boolean {
  const code = codeOf(error);
  return code !== undefined && codes.includes(code);
}
