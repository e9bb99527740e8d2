/** Which names make a difference to an action. */
import type { Came } from './attempts';

/** How a call ended: its status, and the code or words of a refusal. */
export const outcomeOf = ({ status, text }: Came): string =>
  `${status} ${/"code": ?"[a-z-]+"|"error": ?"[^"]*"/.exec(text)?.[0]}`;

/**
 * The names that, each by itself, make a call end in another way than `usual`: with one of them, that of a caller's own
 * parameter, the action may end before it comes to another name, so they have to be tried one by one. Found by halving.
 */
export async function effective(
  names: readonly string[],
  usual: string,
  call: (names: readonly string[]) => Promise<Came>,
): Promise<readonly string[]> {
  if (names.length === 0 || outcomeOf(await call(names)) === usual) return [];
  if (names.length === 1) return names;
  const half = Math.ceil(names.length / 2);
  const first = await effective(names.slice(0, half), usual, call);
  return [...first, ...(await effective(names.slice(half), usual, call))];
}
