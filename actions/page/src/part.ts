/** Finds the parts of the page's markup that the script works with. */

/**
 * The element of this kind.
 * @throws Error when the markup has none: page.html and the script do not belong together
 */
export function part<E extends Element>(root: ParentNode, selector: string, kind: new () => E): E {
  const found = root.querySelector(selector);
  if (found instanceof kind) return found;
  throw new Error(`the page has no ${kind.name} ${selector}`);
}
