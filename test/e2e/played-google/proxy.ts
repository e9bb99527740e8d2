/** A proxy on this machine that answers for *.googleapis.com and for Docker Hub, and passes on what is meant for others, so that Google's plugin needs no word of it in the program. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { type Answer, type GoogleRequest, isRefused, type Json } from './google';

/** Whom it plays, by the end of the host's name. */
const PLAYED = ['.googleapis.com', 'registry-1.docker.io'];

export interface GoogleProxy {
  /** Environment of a process that shall see Google here. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/** Starts it; certificates of its own go to `folder`. @throws Error when there is no `openssl` */
export async function startProxy(folder: string, answer: (request: GoogleRequest) => Answer): Promise<GoogleProxy> {
  const { key, certificate, caFile } = certificates(folder);
  const played = https.createServer({ key, cert: certificate }, (incoming, outgoing) => {
    void respond(incoming, outgoing, answer);
  });
  const proxy = http.createServer((_incoming, outgoing) => outgoing.writeHead(405).end());
  const sockets = new Set<net.Socket>();
  proxy.on('connect', ({ url = '' }, socket: net.Socket) => {
    const { hostname, port } = new URL(`http://${url}`);
    const isPlayed = PLAYED.some((name) => hostname.endsWith(name));
    const there = isPlayed
      ? net.connect((played.address() as AddressInfo).port, '127.0.0.1')
      : net.connect(Number(port), hostname);
    for (const each of [socket, there]) {
      sockets.add(each);
      each.on('error', () => undefined).on('close', () => sockets.delete(each));
    }
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.pipe(there).pipe(socket);
  });
  for (const server of [played, proxy]) {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  }
  const { port } = proxy.address() as AddressInfo;
  return {
    env: { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: '127.0.0.1,localhost', SSL_CERT_FILE: caFile },
    close: () => {
      for (const socket of sockets) socket.destroy();
      played.close();
      proxy.close();
    },
  };
}

async function respond(
  incoming: http.IncomingMessage,
  outgoing: http.ServerResponse,
  answer: (request: GoogleRequest) => Answer,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const url = new URL(incoming.url ?? '/', 'https://googleapis.com');
  const label = incoming.headers.host?.split('.')[0] ?? '';
  // The older form of an address, which Google's client library asks for tokens: www.googleapis.com/API/...
  const host = label === 'www' ? (url.pathname.split('/')[1] ?? '') : label;
  const text = Buffer.concat(chunks).toString('utf8');
  const isForm = incoming.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const body = isForm ? Object.fromEntries(new URLSearchParams(text)) : jsonOf(text);
  const path = decodeURIComponent(url.pathname).replace(/^\/(storage\/|compute\/)?(v\d(beta\d)?|beta)\//, '');
  const { headers } = incoming;
  const answered = answer({ method: incoming.method ?? 'GET', host, path, query: url.searchParams, body, headers });
  if (answered === 'empty') return void outgoing.writeHead(204).end();
  const missing = { error: { code: 404, message: `Not found: ${path}`, status: 'NOT_FOUND' } };
  const [status, sent] = isRefused(answered)
    ? [answered.status, answered.body]
    : [answered ? 200 : 404, answered ?? missing];
  outgoing.writeHead(status, { 'content-type': 'application/json' });
  outgoing.end(JSON.stringify(sent));
}

/** An upload to Cloud Storage is no JSON; nothing here uploads. Tokens are asked for by a form. */
function jsonOf(text: string): Json {
  const value: unknown = text === '' ? {} : JSON.parse(text);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function certificates(folder: string): { key: Buffer; certificate: Buffer; caFile: string } {
  const file = (name: string) => path.join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const subject = (name: string) => `/CN=${name} ${createHash('sha256').update(folder).digest('hex').slice(0, 8)}`;
  const fresh = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(`${name}.key`)];
  const ca = ['-addext', 'basicConstraints=critical,CA:TRUE', '-days', '2', '-out', file('ca.pem')];
  openssl('req', '-x509', ...fresh('ca'), ...ca, '-subj', subject('Played CA'));
  openssl('req', ...fresh('server'), '-out', file('server.csr'), '-subj', subject('Played Google'));
  writeFileSync(file('names'), 'subjectAltName=DNS:*.googleapis.com,DNS:registry-1.docker.io');
  const signer = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2'];
  openssl('x509', '-req', '-in', file('server.csr'), ...signer, '-extfile', file('names'), '-out', file('server.pem'));
  return {
    key: readFileSync(file('server.key')),
    certificate: readFileSync(file('server.pem')),
    caFile: file('ca.pem'),
  };
}
