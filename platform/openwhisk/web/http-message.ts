/** The extension `.http`: a result `{statusCode, headers, body}` is the answer itself. */
import { Buffer } from 'node:buffer';
import { ExactNumber, writeJson } from '../../../ground/exact-json';
import { isObject, type Json } from '../../../ground/json';
import { messages } from '../entity/messages';
import { answerError, type WebAnswer } from './answer';
import { formatContentType, isBinary, isJsonFamily, type MediaType, parseMediaType } from './media-type';
import { InvalidMessage, readResultHeaders } from './result-headers';

const HTML: MediaType = { essence: 'text/html', parameters: '', charset: undefined };
const JSON_TYPE: MediaType = { essence: 'application/json', parameters: '', charset: undefined };

/** Answers that have no body by definition (RFC 9110, 15). */
const WITHOUT_BODY = new Set([204, 205, 304]);

function readStatusCode(value: Json | undefined): number | undefined {
  if (value === undefined) return undefined;
  const isText = typeof value === 'string' && /^[+-]?\d{1,9}$/.test(value);
  const code = isText || value instanceof ExactNumber ? Number(value) : value;
  // 1xx would leave the caller waiting for a final answer.
  if (typeof code !== 'number' || !Number.isInteger(code) || code < 200 || code > 599) {
    throw new InvalidMessage('status code is none');
  }
  return code;
}

/** Decodes base64 as strictly as Java does: no blanks, no url-safe alphabet; padding may be missing. */
function decodeBase64(text: string): Buffer<ArrayBuffer> | undefined {
  const digits = text.endsWith('==') ? text.length - 2 : text.endsWith('=') ? text.length - 1 : text.length;
  if (digits % 4 === 1 || (digits !== text.length && text.length % 4 !== 0)) return undefined;
  // Node passes over what is no base64, so that bytes are missing then; it takes the url-safe alphabet, too.
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === Math.floor((digits * 3) / 4) && !text.includes('-') && !text.includes('_')
    ? bytes
    : undefined;
}

/** OpenWhisk's guess whether a string is base64 rather than text; used for JSON types only, for old actions' sake. */
function looksLikeBase64(text: string): boolean {
  const trimmed = text.trim();
  return trimmed.length > 0 && trimmed.length % 4 === 0 && decodeBase64(trimmed) !== undefined;
}

/** The bytes or text of a string body; undefined when it must be base64 and is not. */
function encodeBody(type: MediaType, text: string): string | Buffer<ArrayBuffer> | undefined {
  const encoded = isBinary(type) || (isJsonFamily(type) && looksLikeBase64(text));
  return encoded ? decodeBase64(text) : text;
}

/**
 * The answer a result stands for.
 * @param result an action's result, or the `error` of one that failed
 * @throws InvalidMessage when it is no HTTP message (then: 400, "Response is not valid 'message/http'.")
 */
export function answerHttpMessage(result: Json, transactionId: string): WebAnswer {
  if (!isObject(result)) throw new InvalidMessage('no object');
  const all = readResultHeaders(result.headers);
  const code = readStatusCode(result.statusCode);
  const headers = all.filter(([name]) => name.toLowerCase() !== 'content-type');
  const body = result.body ?? '';
  if (body === '') return { status: code ?? 204, headers };

  const status = code ?? 200;
  if (WITHOUT_BODY.has(status)) return { status, headers };
  const named = all.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  const type = named === undefined ? (typeof body === 'string' ? HTML : JSON_TYPE) : parseMediaType(named);
  if (typeof body === 'string') {
    if (!type) return answerError(400, messages.unknownContentType, transactionId);
    const content = encodeBody(type, body);
    if (content === undefined) return answerError(400, messages.contentTypeMismatch, transactionId);
    return { status, headers: [...headers, ['Content-Type', formatContentType(type)]], body: content };
  }
  if (!type || !isJsonFamily(type)) return answerError(400, messages.contentTypeMismatch, transactionId);
  const value = `${type.essence}${type.parameters}`;
  return { status, headers: [...headers, ['Content-Type', value]], body: writeJson(body, 2) };
}
