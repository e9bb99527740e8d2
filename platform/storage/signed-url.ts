/**
 * Signed URLs of Cloud Storage, version 4, as far as this emulator looks at them: form and time. Nobody is asked for a password
 * here, so nobody checks the signature.
 * Source: https://cloud.google.com/storage/docs/authentication/canonical-requests (query parameters).
 */

/** Google's longest, seven days, in seconds. */
const LONGEST = 604_800;
/** How far the clock of whoever signed may be ahead, in milliseconds. */
const SKEW = 15 * 60_000;

/** `/BUCKET/OBJECT`: what a signed URL is for. */
const OBJECT = /^\/(?!storage\/|upload\/|download\/|batch\/|_internal\/)[^/]+\/.+$/;

/**
 * Whether a request's target is a signed URL of an object that has not expired.
 * @param target path and query as they were sent
 * @param now milliseconds since the epoch
 */
export function isSigned(target: string, now: number): boolean {
  const [path = '', query = ''] = target.split('?', 2);
  if (!OBJECT.test(path)) return false;
  const given = new URLSearchParams(query);
  const one = (name: string) => (given.getAll(name).length === 1 ? (given.get(name) ?? '') : '');
  const begins = timeOf(one('X-Goog-Date'));
  const seconds = /^\d{1,6}$/.test(one('X-Goog-Expires')) ? Number(one('X-Goog-Expires')) : 0;
  return (
    one('X-Goog-Algorithm') === 'GOOG4-RSA-SHA256' &&
    /^[^/]+\/\d{8}\/[^/]+\/storage\/goog4_request$/.test(one('X-Goog-Credential')) &&
    one('X-Goog-SignedHeaders').split(';').includes('host') &&
    /^[0-9a-f]{64,}$/.test(one('X-Goog-Signature')) &&
    seconds >= 1 &&
    seconds <= LONGEST &&
    begins <= now + SKEW &&
    now < begins + seconds * 1000
  );
}

/** `20261125T230000Z` in milliseconds since the epoch; NaN, which is before and after nothing, when it is no time. */
function timeOf(text: string): number {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  if (parts === null) return Number.NaN;
  const [year = 0, month = 0, day = 0, hour, minute, second] = parts.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
