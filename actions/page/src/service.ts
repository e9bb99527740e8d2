/** Where the service is, seen from its page: beside it, with or without a slash at the end of the page's own address. */

/** The URL of `path` below the page, e.g. `pdf` for `/convert/pdf`. */
export function serviceUrl(path: string, query: Readonly<Record<string, string>> = {}): URL {
  const url = new URL(path, `${location.origin}${location.pathname.replace(/\/*$/, '/')}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}
