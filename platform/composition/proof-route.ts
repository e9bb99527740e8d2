/** The platform proves that it knows its key, to whoever is about to send it. */
import { PROOF_PATH, proveKey } from '@pdfmagic/openwhisk/server-proof';
import { Hono } from 'hono';

/** `GET /proof?challenge=HEX`. @param auth the key, `UUID:KEY`. @param url where clients reach the platform */
export function routeProof(auth: string, url: string): Hono {
  const app = new Hono();
  app.get(PROOF_PATH, (c) => {
    const proof = proveKey(auth, url, c.req.query('challenge') ?? '');
    return proof === undefined ? c.text('The query needs a challenge: 64 hexadecimal digits.', 400) : c.text(proof);
  });
  return app;
}
