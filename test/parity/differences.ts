/** What may differ between the platforms, and why. All else is the same. */
import type { Answer } from './platforms';

/** Headers that say something to a client of the API. */
const COMPARED = [
  'content-type',
  'access-control-allow-origin',
  'access-control-allow-methods',
  'access-control-allow-headers',
  'access-control-allow-credentials',
];

/** An answer without what may differ. */
export interface Comparable {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A known difference: where it is, what takes it out. */
export interface Difference {
  readonly why: string;
  readonly without: (body: string) => string;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    why: 'An error of the platform carries an id of the request, another one each time, also on one platform.',
    without: (body) => body.replace(/^\{"code":"[0-9a-f]{32}",/, '{"code":"ID",'),
  },
  {
    why: 'Why a JSON text is malformed each parser says in its own words.',
    without: (body) =>
      body.replace(/(The request content was malformed:\\n)(?!Illegal percent-encoding).*("\})$/, '$1REASON$2'),
  },
];

/** Bytes as text, one character each; what may differ is replaced. */
export function comparable({ status, headers, body }: Answer): Comparable {
  const names = COMPARED.filter((name) => headers[name] !== undefined);
  return {
    status,
    headers: Object.fromEntries(names.map((name) => [name, headers[name] ?? ''])),
    body: DIFFERENCES.reduce((left, { without }) => without(left), body.toString('latin1')),
  };
}
