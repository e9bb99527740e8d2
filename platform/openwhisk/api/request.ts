/** One request to the REST API: its query and its body. */
import type { IncomingMessage } from 'node:http';
import { messageOf } from '../../../ground/errors';
import { parseJson } from '../../../ground/exact-json';
import { isObject, type Json, type JsonObject } from '../../../ground/json';
import { Refusal } from '../core';
import { limits } from '../entity/limits';
import { messages } from '../entity/messages';

/** Refused before any resource was looked at: the answer carries no CORS headers. */
export class Rejection extends Refusal {}

const TRUE = ['true', 'yes', 'on', '1'];
const FALSE = ['false', 'no', 'off', '0'];

/** The query of a request; a parameter given more than once counts by its first value. */
export class Query {
  constructor(private readonly parameters: URLSearchParams) {}

  /** The text of a parameter. */
  readText(name: string): string | undefined {
    return this.parameters.get(name) ?? undefined;
  }

  /** A parameter that is on or off, off unless told. @throws Rejection */
  readFlag(name: string, unless = false): boolean {
    const text = this.readText(name);
    if (text === undefined) return unless;
    if (TRUE.includes(text.toLowerCase())) return true;
    if (FALSE.includes(text.toLowerCase())) return false;
    throw new Rejection(400, messages.queryMalformed(name, messages.notABoolean(text)));
  }

  private readInteger(name: string, collection: string): number | undefined {
    const text = this.readText(name);
    if (text === undefined) return undefined;
    const value = /^[+-]?\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    // A Java integer: 32 bits.
    if (Math.abs(value) <= 2_147_483_647) return value;
    throw new Rejection(400, messages.queryMalformed(name, messages.notAnInteger(text, collection)));
  }

  /** `limit` and `skip` of a list; a limit of 0 means the largest. @throws Rejection */
  readPage(collection: string): { limit: number; skip: number } {
    const limit = this.readInteger('limit', collection) ?? limits.list.std;
    if (limit < 0 || limit > limits.list.max) {
      throw new Rejection(
        400,
        messages.queryMalformed('limit', messages.limitOutOfRange(limit, limits.list.max, collection)),
      );
    }
    const skip = this.readInteger('skip', collection) ?? 0;
    if (skip < 0) {
      throw new Rejection(400, messages.queryMalformed('skip', messages.skipOutOfRange(skip, collection)));
    }
    return { limit: limit === 0 ? limits.list.max : limit, skip };
  }
}

/** A body that was read whole, or found too large: then only its size is known. */
export interface Body {
  readonly size: number;
  readonly bytes: Buffer | undefined;
}

/**
 * Reads a body; beyond `keep` bytes it is counted to its end, so that the caller hears the answer, but not kept.
 * @throws Rejection 400 when the caller breaks off
 */
export function readBody(incoming: IncomingMessage, keep: number): Promise<Body> {
  // By events: an iterator of the stream is more work for each request.
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const end = () => resolve({ size, bytes: size <= keep ? Buffer.concat(chunks) : undefined });
    const close = () => {
      if (!incoming.readableEnded) reject(new Rejection(400, messages.contentMalformed('the body ended too early')));
    };
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= keep) chunks.push(chunk);
      else chunks.length = 0;
    });
    incoming.once('end', end).once('error', close).once('close', close);
    if (incoming.readableEnded) end();
    else if (incoming.destroyed) close();
  });
}

/** Refuses a body that is not declared as JSON; one without a declaration passes, as in OpenWhisk. @throws Rejection 415 */
export function requireJsonType(contentType: string | undefined): void {
  if (contentType === undefined || contentType.trim() === '') return;
  const [type = ''] = contentType.split(';', 1);
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new Rejection(415, messages.contentTypeNotSupported(contentType));
  }
}

/** The JSON of a body. @throws Rejection 400 with what is wrong with it */
export function jsonOf(bytes: Buffer): Json {
  const text = bytes.toString('utf8');
  try {
    if (text.trim() === '') throw new SyntaxError('Unexpected end-of-input, expected JSON Value');
    return parseJson(text, limits.jsonDepth);
  } catch (error) {
    throw new Rejection(400, messages.contentMalformed(messageOf(error)));
  }
}

/** The payload of an invocation or a fire: a JSON object, or nothing. @throws Rejection 400 */
export function payloadOf(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {};
  const value = jsonOf(bytes);
  if (!isObject(value)) throw new Rejection(400, messages.contentMalformed('JSON object expected'));
  return value;
}
