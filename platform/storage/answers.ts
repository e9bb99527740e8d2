/** Which part of the front door answers a request, and how the answer goes out. */
import type http from 'node:http';
import type { Json, JsonObject } from '../../ground/json';
import { askAboutBucket, askAboutRights, type BucketWay } from './buckets';
import { changeMetadata, composeObjects, copyObject, deleteObject } from './changes';
import { type DownloadWay, download, headersOf } from './download';
import { GoogleError } from './google-error';
import { listPage } from './listing';
import { parseMetadata } from './multipart';
import { readPreconditions, requireLive } from './preconditions';
import type { Asked, ObjectPath } from './requests';
import { etagOf, type Stored } from './resource';
import type { ResumableUploads } from './resumable';
import { receiveMetadata } from './spool';
import { type UploadWay, uploadDirectly, uploadMedia, uploadMultipart } from './uploads';

/** All that requests go through. */
export interface Inside extends UploadWay, BucketWay, DownloadWay {
  readonly resumable: ResumableUploads;
  readonly endpoint: () => string;
}

type Exchange = { readonly request: http.IncomingMessage; readonly response: http.ServerResponse };

/** Answers a request. @throws GoogleError, ObjectNameError: what is to be answered instead */
export async function answer(exchange: Exchange, asked: Asked, inside: Inside): Promise<void> {
  const { request, response } = exchange;
  const { what, query, method } = asked;
  const { writes } = inside;
  switch (what.kind) {
    case 'buckets': {
      const { status, body } = await askAboutBucket(request, { ...asked, what }, inside);
      return send(response, status, body);
    }
    case 'rights': {
      const { status, body } = await askAboutRights(request, method, what.path, what.object, inside);
      return send(response, status, body);
    }
    case 'list': {
      const stored = await inside.objects.list(what.bucket);
      return send(
        response,
        200,
        listPage(stored, query, (one) => writes.resource(one, projectionOf(query))),
      );
    }
    case 'content': {
      if (method !== 'PUT') return download(request, response, what.object, query, inside);
      const stored = await uploadDirectly(request, what.object, query, inside);
      const { 'content-type': _, 'content-encoding': __, ...headers } = headersOf(stored);
      response.writeHead(200, { ...headers, 'content-length': 0 });
      return void response.end();
    }
    case 'object':
      return answerObject(exchange, asked, what.object, inside);
    case 'copy': {
      const body = await metadataOf(request, inside);
      const stored = await copyObject(what, body, query, request.headers, writes);
      const resource = writes.resource(stored, projectionOf(query));
      if (!what.rewrite) return send(response, 200, resource);
      const size = String(stored.size);
      const sizes = { totalBytesRewritten: size, objectSize: size };
      return send(response, 200, { kind: 'storage#rewriteResponse', ...sizes, done: true, resource });
    }
    case 'compose': {
      const { generation: _, ...conditions } = readPreconditions(query, request.headers);
      const stored = await composeObjects(what.object, await metadataOf(request, inside), conditions, writes);
      return send(response, 200, writes.resource(stored));
    }
    case 'upload':
      return answerUpload(exchange, what.bucket, query, inside);
    case 'session':
      return answerSession(exchange, method, what.id, inside);
  }
}

async function answerObject(
  { request, response }: Exchange,
  { method, query }: Asked,
  object: ObjectPath,
  inside: Inside,
): Promise<void> {
  const { writes } = inside;
  const conditions = readPreconditions(query, request.headers);
  const overridden = method === 'POST' ? request.headers['x-http-method-override'] : undefined;
  switch (overridden ?? method) {
    case 'GET': {
      const stored = requireLive(conditions, await inside.objects.look(object), object, true);
      return sendObject(response, stored, inside, query);
    }
    case 'DELETE':
      await deleteObject(object, conditions, writes);
      return send(response, 204, undefined);
    case 'PATCH':
    case 'PUT': {
      const body = await metadataOf(request, inside);
      const stored = await changeMetadata(object, body, conditions, (overridden ?? method) === 'PUT', writes);
      return sendObject(response, stored, inside, query);
    }
    default:
      throw new GoogleError(404, `This emulator does not support ${method} of an object.`);
  }
}

async function answerUpload(
  { request, response }: Exchange,
  bucket: string,
  query: URLSearchParams,
  inside: Inside,
): Promise<void> {
  switch (query.get('uploadType')) {
    case 'media':
      return sendObject(response, await uploadMedia(request, bucket, query, inside), inside, query);
    case 'multipart':
      return sendObject(response, await uploadMultipart(request, bucket, query, inside), inside, query);
    case 'resumable': {
      const id = await inside.resumable.begin(request, bucket, query);
      // By the name that its client knows this server by.
      const here = request.headers.host === undefined ? inside.endpoint() : `http://${request.headers.host}`;
      const location = `${here}/upload/storage/v1/b/${bucket}/o?uploadType=resumable&upload_id=${id}`;
      return send(response, 200, undefined, { location, 'x-guploader-uploadid': id });
    }
    default:
      throw new GoogleError(400, 'Invalid value for uploadType. It must be media, multipart or resumable.');
  }
}

async function answerSession(
  { request, response }: Exchange,
  method: string,
  id: string,
  { resumable }: Inside,
): Promise<void> {
  if (method === 'DELETE') return resumable.cancel(id);
  if (method !== 'PUT' && method !== 'POST')
    throw new GoogleError(404, `This emulator does not support ${method} of an upload.`);
  const progress = await resumable.continue(request, id);
  if ('made' in progress) return send(response, 200, progress.made);
  const { received } = progress;
  const range = received > 0 ? { range: `bytes=0-${received - 1}` } : {};
  response.writeHead(308, { ...range, 'content-length': 0 });
  response.end();
}

async function metadataOf(request: http.IncomingMessage, { patience }: Inside): Promise<JsonObject> {
  return parseMetadata(await receiveMetadata(request, patience));
}

function projectionOf(query: URLSearchParams): 'full' | 'noAcl' {
  const value = query.get('projection') ?? 'noAcl';
  if (!/^(full|noacl)$/i.test(value))
    throw new GoogleError(400, `Invalid value for projection: ${JSON.stringify(value)}. It must be full or noAcl.`);
  return value.toLowerCase() === 'full' ? 'full' : 'noAcl';
}

function sendObject(response: http.ServerResponse, stored: Stored, { writes }: Inside, query: URLSearchParams): void {
  send(response, 200, writes.resource(stored, projectionOf(query)), { etag: etagOf(stored) });
}

function send(
  response: http.ServerResponse,
  status: number,
  value: Json | undefined,
  headers: http.OutgoingHttpHeaders = {},
): void {
  const body = value === undefined ? '' : JSON.stringify(value);
  const type = value === undefined ? {} : { 'content-type': 'application/json; charset=UTF-8' };
  const length = status === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(status, { ...type, ...length, ...headers });
  response.end(body);
}
