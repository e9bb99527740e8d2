/**
 * The token endpoint that emulated service-account keys name as `token_uri`.
 *
 * It answers the grant that Google's client libraries make with such a key: a signed assertion for an access token
 * (RFC 7523; https://developers.google.com/identity/protocols/oauth2/service-account#httprest).
 *
 * The emulator checks no permissions: tokens are opaque and nobody looks at them. The signature is not verified either,
 * since keys are made where the stack is applied; everything else about an assertion must be right, so that a client
 * which works here has done what Google asks for.
 */
import { randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { isObject, type Json, type JsonObject } from '../../ground/json';

const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** Seconds: what Google allows an assertion to be valid for, and how far clocks may be apart. */
const LONGEST_VALIDITY = 3600;
const CLOCK_SKEW = 300;
/** Seconds that a token is good for. */
const TOKEN_VALIDITY = 3599;
/** Bytes: what RSA signatures have at least (1024 bits). */
const SHORTEST_SIGNATURE = 128;
const LARGEST_REQUEST = 64 * 1024;

/** A refusal as RFC 6749, section 5.2, has it. */
class OAuthError extends Error {
  constructor(
    readonly code: 'invalid_request' | 'unsupported_grant_type' | 'invalid_grant' | 'invalid_scope',
    description: string,
  ) {
    super(description);
  }
}

/** Answers `POST /` with a token. Mount it at the path of `token_uri`. */
export function routeTokens(): Hono {
  const app = new Hono();
  const refuseTooLarge = (context: Context) =>
    refuse(context, new OAuthError('invalid_request', 'The request is too large.'));
  app.post('/', bodyLimit({ maxSize: LARGEST_REQUEST, onError: refuseTooLarge }), async (context) => {
    const form = new URLSearchParams(await context.req.text());
    try {
      checkGrant(context.req.header('content-type') ?? '', form);
      checkAssertion(form.get('assertion') ?? '', Math.floor(Date.now() / 1000));
    } catch (error) {
      if (error instanceof OAuthError) return refuse(context, error);
      throw error;
    }
    context.header('Cache-Control', 'no-store');
    const token = `ya29.${randomBytes(48).toString('base64url')}`;
    return context.json({ access_token: token, expires_in: TOKEN_VALIDITY, token_type: 'Bearer' });
  });
  return app;
}

function refuse(context: Context, error: OAuthError): Response {
  context.header('Cache-Control', 'no-store');
  return context.json({ error: error.code, error_description: error.message }, 400);
}

function checkGrant(contentType: string, form: URLSearchParams): void {
  if (!/^application\/x-www-form-urlencoded\b/i.test(contentType)) {
    throw new OAuthError('invalid_request', 'The request must be form-encoded (application/x-www-form-urlencoded).');
  }
  const grant = form.get('grant_type');
  if (grant === null) throw new OAuthError('invalid_request', 'Required parameter is missing: grant_type');
  if (grant !== GRANT) throw new OAuthError('unsupported_grant_type', `Invalid grant_type: ${grant}`);
  if (!form.get('assertion')) throw new OAuthError('invalid_request', 'Required parameter is missing: assertion');
}

function checkAssertion(assertion: string, now: number): void {
  const [header, claims, signature, ...more] = assertion.split('.');
  if (header === undefined || claims === undefined || signature === undefined || more.length > 0) {
    throw new OAuthError('invalid_grant', 'Bad Request: the assertion is not a JWT of three parts.');
  }
  const { alg } = decodePart(header, 'header');
  if (alg !== 'RS256')
    throw new OAuthError('invalid_grant', `Invalid JWT: alg must be RS256, not ${JSON.stringify(alg)}.`);
  const isBase64Url = /^[A-Za-z0-9_-]+$/.test(signature);
  if (!isBase64Url || Buffer.from(signature, 'base64url').length < SHORTEST_SIGNATURE) {
    throw new OAuthError('invalid_grant', 'Invalid JWT Signature.');
  }
  checkClaims(decodePart(claims, 'claims'), now);
}

function checkClaims(claims: JsonObject, now: number): void {
  const { iss, aud, iat, exp, scope, target_audience: audience } = claims;
  if (typeof iss !== 'string' || iss === '') throw new OAuthError('invalid_grant', 'Invalid JWT: iss is missing.');
  if (typeof aud !== 'string' || aud === '')
    throw new OAuthError('invalid_grant', 'Invalid JWT: Failed audience check.');
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp <= iat || exp - iat > LONGEST_VALIDITY + CLOCK_SKEW) {
    throw new OAuthError('invalid_grant', 'Invalid JWT: iat and exp must be times at most an hour apart.');
  }
  if (exp < now - CLOCK_SKEW || iat > now + CLOCK_SKEW) {
    const meaning = 'Token must be a short-lived token (60 minutes) and in a reasonable timeframe.';
    throw new OAuthError('invalid_grant', `Invalid JWT: ${meaning} Check your iat and exp values in the JWT claim.`);
  }
  if ((typeof scope !== 'string' || scope === '') && typeof audience !== 'string') {
    throw new OAuthError('invalid_scope', 'Invalid OAuth scope or ID token audience provided.');
  }
}

function decodePart(part: string, name: string): JsonObject {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Json;
    if (isObject(value)) return value;
  } catch {
    // Said below.
  }
  throw new OAuthError('invalid_grant', `Invalid JWT: its ${name} is not a JSON object in base64url.`);
}
