/** What is sent back for a web action, free of any HTTP library. */
import type { Buffer } from 'node:buffer';
import type { Json } from '../../../ground/json';

/** An HTTP answer. Headers may repeat. */
export interface WebAnswer {
  /** 200 to 599. */
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Empty when undefined. */
  readonly body?: string | Buffer<ArrayBuffer>;
}

/** Error texts of OpenWhisk's controller; tools and people read them, so they are kept to the letter. */
export const MESSAGES = {
  notFound: 'The requested resource does not exist.',
  routeNotFound: 'The requested resource could not be found.',
  unauthorized: 'Authentication is possible but has failed or not yet been provided.',
  parametersNotAllowed: 'Request defines parameters that are not allowed (e.g., reserved properties).',
  propertyNotFound: 'Response does not include requested property.',
  errorProcessingRequest: 'There was an error processing your request.',
  responseNotReady: 'Response not yet ready.',
  contentTypeMismatch: 'Response type in header did not match generated content type.',
  unknownContentType: 'Response did not specify a known content-type.',
  notValid: (essence: string) => `Response is not valid '${essence}'.`,
  tooLarge: (bytes: number, limit: number) => `Request larger than allowed: ${bytes} > ${limit} bytes.`,
  malformed: (reason: string) => `The request content was malformed:\n${reason}`,
  notAcceptable: (type: string) => `Resource representation is only available with these types:\n${type}`,
} as const;

/** A JSON answer. */
function jsonAnswer(status: number, value: Json): WebAnswer {
  return { status, headers: [['Content-Type', 'application/json']], body: JSON.stringify(value) };
}

/** An error in OpenWhisk's form; `code` is the id by which the request is found in logs. */
export function errorAnswer(status: number, error: string, transactionId: string): WebAnswer {
  return jsonAnswer(status, { code: transactionId, error });
}

/** The same answer with more headers behind its own. */
export function withHeaders(answer: WebAnswer, headers: WebAnswer['headers']): WebAnswer {
  return { ...answer, headers: [...answer.headers, ...headers] };
}

/** The answer as a web-standard response. */
export function toResponse(answer: WebAnswer): Response {
  const headers = new Headers();
  for (const [name, value] of answer.headers) headers.append(name, value);
  if (answer.body === undefined && answer.status !== 204 && answer.status !== 304) headers.set('Content-Length', '0');
  return new Response(answer.body ?? null, { status: answer.status, headers });
}

const ALLOW_HEADERS = 'Authorization, Origin, X-Requested-With, Content-Type, Accept, User-Agent';

/**
 * CORS headers that OpenWhisk adds to the answers of web actions which do not see to them by `web-custom-options`.
 * `requested` is the caller's `Access-Control-Request-Headers`: whatever it asks for is allowed.
 */
export function corsHeaders(requested: string | undefined): [name: string, value: string][] {
  return [
    ['Access-Control-Allow-Origin', '*'],
    ['Access-Control-Allow-Methods', 'OPTIONS, GET, DELETE, POST, PUT, HEAD, PATCH'],
    ['Access-Control-Allow-Headers', requested ?? ALLOW_HEADERS],
  ];
}
