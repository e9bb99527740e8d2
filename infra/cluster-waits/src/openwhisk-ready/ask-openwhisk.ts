/** One question to OpenWhisk, and what came of it. */
import { request } from 'node:https';

/** Where, and whom to trust. */
export interface Question {
  readonly url: string;
  /** `user:password` of HTTP Basic; none when absent. */
  readonly auth?: string;
  /** PEM. */
  readonly caCertificate: string;
}

/** An answer; or why there is none. */
export type Reply =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'certificate'; readonly reason: string }
  | { readonly kind: 'none'; readonly reason: string };

const TIME_LIMIT = 10_000;
const BODY_LIMIT = 64 * 1024;
/** Codes of Node's TLS and OpenSSL: https://nodejs.org/api/tls.html#x509-certificate-error-codes */
const CERTIFICATE = /^(ERR_TLS_CERT|CERT_|UNABLE_TO_(GET_ISSUER|VERIFY)|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)/;

/** Asks once. Never rejects. */
export function ask({ url, auth, caCertificate }: Question): Promise<Reply> {
  return new Promise((resolve) => {
    const fail = (error: Error & { code?: string }): void => {
      const reason = error.code === undefined ? error.message : `${error.code}: ${error.message}`;
      resolve({ kind: CERTIFICATE.test(error.code ?? '') ? 'certificate' : 'none', reason });
    };
    const signal = AbortSignal.timeout(TIME_LIMIT);
    const asked = request(url, { ca: caCertificate, signal, agent: false, ...(auth === undefined ? {} : { auth }) });
    asked.on('error', fail);
    asked.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        if (body.length < BODY_LIMIT) body += chunk;
      });
      response.on('error', fail);
      response.on('end', () => resolve({ kind: 'answer', status: response.statusCode ?? 0, body }));
    });
    asked.end();
  });
}
