/** Checks a V4 signed URL as Cloud Storage does (its documentation, "V4 signing process" and "Canonical requests"). */
import { createHash, verify } from 'node:crypto';

/** Whether the signature of `url` is that of `publicKey`'s owner, for a request of this method with these headers. */
export function isSignedFor(
  url: string,
  publicKey: string,
  method: string,
  headers: Readonly<Record<string, string>>,
): boolean {
  const { host, pathname, search, searchParams } = new URL(url);
  const signed = (searchParams.get('X-Goog-SignedHeaders') ?? '').split(';');
  const sent = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const lines = signed.map((name) => `${name}:${name === 'host' ? host : (sent.get(name) ?? '')}\n`);
  const query = search
    .slice(1)
    .split('&')
    .filter((piece) => !piece.startsWith('X-Goog-Signature='));
  const canonical = [method, pathname, query.sort().join('&'), lines.join(''), signed.join(';'), 'UNSIGNED-PAYLOAD'];
  const scope = (searchParams.get('X-Goog-Credential') ?? '').split('/').slice(1).join('/');
  const digest = createHash('sha256').update(canonical.join('\n')).digest('hex');
  const text = ['GOOG4-RSA-SHA256', searchParams.get('X-Goog-Date'), scope, digest].join('\n');
  return verify(
    'RSA-SHA256',
    Buffer.from(text),
    publicKey,
    Buffer.from(searchParams.get('X-Goog-Signature') ?? '', 'hex'),
  );
}
