/** Which names make a difference to an action. */
import type { Came } from './attempts';

/** How a call ended: its status, and the code or words of a refusal. */
export const outcomeOf = ({ status, text }: Came): string =>
  `${status} ${/"code": ?"[a-z-]+"|"error": ?"[^"]*"/.exec(text)?.[0]}`;

/**
 * The names that, each by itself, make a call end in another way than `usual`: with one of them, that of a caller's own
 * parameter, the action may end before it comes to another name, so they have to be tried one by one. Found by halving.
 *
 * @param known which names did with another value: they are tried first, so that the others together take one call
 */
export async function effective(
  names: readonly string[],
  usual: string,
  call: (names: readonly string[]) => Promise<Came>,
  known: ReadonlySet<string> = new Set(),
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of names) if (known.has(name) && outcomeOf(await call([name])) !== usual) found.push(name);
  const others = names.filter((name) => !known.has(name));
  return [...found, ...(await findByHalving(others, usual, call))];
}

async function findByHalving(
  names: readonly string[],
  usual: string,
  call: (names: readonly string[]) => Promise<Came>,
): Promise<readonly string[]> {
  if (names.length === 0 || outcomeOf(await call(names)) === usual) return [];
  if (names.length === 1) return names;
  const half = Math.ceil(names.length / 2);
  const first = await findByHalving(names.slice(0, half), usual, call);
  return [...first, ...(await findByHalving(names.slice(half), usual, call))];
}
