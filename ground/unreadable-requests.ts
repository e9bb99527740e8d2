/** Answers to requests that are not HTTP, or beyond its bounds. */
import { type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { codeOf } from './errors';

/** The answers of Node.js itself, by its error's code. */
const STATUS: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
};

/** How long a client that has its answer may go on sending, in milliseconds. */
const LINGER_MS = 2_000;

/**
 * Answers what a server cannot read as Node.js does, and then hears the client out. Node.js closes the connection at once: what it
 * has not read by then makes the kernel reset the connection, and a client may lose the answer (RFC 9112, section 9.6).
 */
export function answerUnreadableRequests(server: Server): void {
  const answers = new WeakMap<Duplex, Set<ServerResponse>>();
  server.on('request', ({ socket }, response) => {
    const ofSocket = answers.get(socket) ?? new Set();
    answers.set(socket, ofSocket.add(response));
    response.once('close', () => ofSocket.delete(response));
  });
  server.on('clientError', (error, socket) => {
    // The rest of what it sends can be read no better.
    if (socket.writableEnded) return;
    const isInside = [...(answers.get(socket) ?? [])].some((answer) => answer.headersSent && !answer.writableEnded);
    if (!socket.writable || isInside) {
      socket.destroy(error);
      return;
    }
    const status = STATUS[codeOf(error) ?? ''] ?? 400;
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
    const cut = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => clearTimeout(cut));
  });
}
