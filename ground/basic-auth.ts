/** The header by which a client shows its key: HTTP Basic, RFC 7617. */

/** @param credentials `USER:PASSWORD`; of OpenWhisk the key, `UUID:KEY` */
export function encodeBasicAuthorization(credentials: string): string {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}
