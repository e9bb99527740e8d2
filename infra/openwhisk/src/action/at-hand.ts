import { hasUnknown } from '../dynamic/unknown';
import { type Code, digestOfFile } from './code';

/**
 * Code files that were other than their input when it was checked, right after the program had run. Such an input is an
 * old one, which `ignoreChanges` has kept. All resources of a run share one provider process, which ends with it.
 */
const outdated = new Set<string>();

/** Looks at the file of an input that is being checked. False when it cannot be read. */
export async function lookAtFile(code: Code & { readonly file: string }): Promise<boolean> {
  const { sha256 } = await digestOfFile(code.file);
  if (code.sha256 === undefined || sha256 === code.sha256) outdated.delete(keyOf(code));
  else outdated.add(keyOf(code));
  return sha256 !== undefined;
}

/** True for the input of a code file that now is another one, or gone: an old input, kept by `ignoreChanges`. */
export function isOutdated(code: Code): boolean {
  return outdated.has(keyOf(code));
}

/**
 * False for code that this run cannot send: an outdated file, or a digest alone, which a refresh has found. Nobody wants
 * that deployed; what OpenWhisk has stays.
 */
export function isAtHand(code: Code | undefined): boolean {
  if (code === undefined || code.source !== undefined || hasUnknown(code)) return true;
  return code.file !== undefined && !isOutdated(code);
}

function keyOf({ file, sha256 }: Code): string {
  return `${sha256} ${file}`;
}
