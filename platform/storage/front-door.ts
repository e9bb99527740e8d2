/**
 * The address of the storage emulator, and the only way to it. Every upload is taken whole first; what a request says an object
 * has to be is looked at and kept to under a lock of that object; then fake-gcs-server gets the content in one go. While that is
 * being restarted, requests wait; those that it died in the middle of are sent again if they change nothing, and else answered
 * with 503, and nothing was written.
 */
import http from 'node:http';
import { hasCode } from '../../ground/errors';
import { portOf } from '../../ground/free-port';
import { answerUnreadableRequests } from '../../ground/unreadable-requests';
import { answer, type Inside } from './answers';
import { BucketLabels } from './bucket-labels';
import type { Place } from './command';
import { answerError } from './google-error';
import { Objects } from './objects';
import { PATIENCE, type Patience } from './pace';
import { type Disk, Refusals } from './refused';
import { readRequest } from './requests';
import { ResumableUploads } from './resumable';
import { Spool } from './spool';
import { Upstream } from './upstream';
import { admit } from './web-pages';
import { Writes } from './writes';
import type { WriteListener } from './written';

/** A front door that is open. */
export interface FrontDoor {
  /** `http://HOST:PORT`. */
  readonly endpoint: string;
  /** Removes what an earlier platform left in the middle of a write. To be called once there is a server. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** Where it is. */
export interface Address {
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  /** Whether one at this address may connect; others are cut off at once. */
  readonly clients?: (address: string) => boolean;
  /** Origin of the one web page that may come in, by signed URLs. */
  readonly page?: string;
  /** How slow clients may be. */
  readonly patience?: Patience;
}

/** Milliseconds that a connection is kept for another request. */
const KEPT = 120_000;

/** What takes a body; that of any other request is read and dropped, as it means nothing (RFC 9110, section 9.3.1). */
const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * Opens it.
 * @param place where fake-gcs-server listens, once it does; undefined when that takes too long
 * @param disk where that keeps its objects
 * @param listener hears of every object that is written
 * @throws Error in clear words when the port is taken
 */
export async function openFrontDoor(
  { host, port: listenPort, clients, page, patience = PATIENCE }: Address,
  place: () => Promise<Place | undefined>,
  disk: Disk,
  listener?: WriteListener,
): Promise<FrontDoor> {
  const upstream = new Upstream(place);
  const refusals = new Refusals(disk);
  const objects = new Objects(upstream, refusals, disk.dataDir);
  const spool = new Spool(disk.dataDir, patience, refusals);
  const endpoint = () => endpointOf(server, host, listenPort);
  const writes = new Writes(objects, listener, endpoint);
  const resumable = new ResumableUploads(spool, writes);
  const labels = new BucketLabels(disk.dataDir);
  const inside: Inside = { upstream, refusals, objects, labels, spool, writes, resumable, patience, endpoint };
  const server = http.createServer((request, response) => {
    const served = async () => {
      const { headers, preflight } = admit(request, host, page);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (!WITH_BODY.has(request.method ?? '')) request.resume();
      if (preflight) response.writeHead(204).end();
      else if (request.method === 'OPTIONS') response.writeHead(200, { 'content-length': 0 }).end();
      else await answer({ request, response }, readRequest(request.method ?? 'GET', request.url ?? '/'), inside);
    };
    served().catch((error: unknown) => answerError(request, response, error));
  });
  answerUnreadableRequests(server);
  if (clients !== undefined) {
    server.on('connection', (socket) => {
      if (!clients(socket.remoteAddress ?? '')) socket.destroy();
    });
  }
  // An upload may take as long as it goes on.
  server.requestTimeout = 0;
  // Clients send a write on a connection that was kept, and cannot know whether it is closed by then.
  server.keepAliveTimeout = KEPT;
  // A client that was too slow with its body is told so; then, and of all others, the connection is cut.
  server.timeout = 2 * patience.silence;
  await listen(server, host, listenPort);
  return {
    endpoint: endpoint(),
    sweep: () => objects.sweep(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        upstream.close();
      }),
  };
}

function endpointOf(server: http.Server, host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server) || port}`;
}

function listen(server: http.Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const taken = `Port ${port} of ${host}, which the storage emulator needs, is taken by another program. Stop that program, or choose another port.`;
      reject(hasCode(error, 'EADDRINUSE') ? new Error(taken) : error);
    });
    server.listen(port, host, resolve);
  });
}
