/** What a serialized provider does when its methods are called: which packages it loads, and what it calls of them. */

/**
 * Runs a provider as Pulumi's provider process does, with a `require` that only notes.
 * @param text the `__provider` of a resource
 * @returns `PACKAGE KIND METHOD` of each method, in the order of the alphabet
 */
export function callsOf(text: unknown): string[] {
  const calls: string[] = [];
  const recorded = (source: string) =>
    new Proxy(
      {},
      {
        get: (_module, kind) =>
          new Proxy({}, { get: (_kind, method) => () => calls.push([source, kind, method].map(String).join(' ')) }),
      },
    );
  const module = { exports: {} as { handler: () => Record<string, () => unknown> } };
  new Function('exports', 'require', String(text))(module.exports, recorded);
  for (const [name, method] of Object.entries(module.exports.handler())) {
    method();
    if (!calls.at(-1)?.endsWith(` ${name}`)) throw new Error(`${name} calls ${calls.at(-1)}`);
  }
  return calls.sort();
}
