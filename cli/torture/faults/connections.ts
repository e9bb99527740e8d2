/** Clients that behave badly, on plain sockets. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import type { Scene } from './fault';

/** A place of the platform that a client can connect to, and the head of a request with a body there. */
export interface Door {
  readonly url: URL;
  readonly head: string;
}

/** The three doors: the API gateway, OpenWhisk's API, the storage. Each is promised 1,000 bytes. */
export async function doorsOf({ service }: Scene): Promise<Door[]> {
  const { endpoints, openwhisk, storageEndpoint = '', inBucket } = service.stack;
  const auth = Buffer.from((await openwhisk?.key()) ?? '').toString('base64');
  const door = (address: string, more: string): Door => {
    const url = new URL(address);
    const common = `host: ${url.host}\r\ncontent-length: 1000\r\n`;
    return { url, head: `POST ${url.pathname}${url.search} HTTP/1.1\r\n${common}${more}\r\n` };
  };
  return [
    door(endpoints.v1, 'content-type: image/jpeg\r\n'),
    door(
      `${openwhisk?.apihost}/api/v1/namespaces/_/actions/pdfmagic/v0`,
      `authorization: Basic ${auth}\r\ncontent-type: application/json\r\n`,
    ),
    door(`${storageEndpoint}/upload/storage/v1/b/${inBucket}/o?uploadType=media&name=torture-doors/cut.jpg`, ''),
  ];
}

/** Connects and sends the head of a request. Errors are of no interest: the other side may hang up. */
export function open({ url, head }: Door): Socket {
  const socket = connect(Number(url.port), url.hostname);
  socket.on('error', () => undefined).on('data', () => undefined);
  socket.write(head);
  return socket;
}

/** TCP connections and listening sockets of a process; the pipes of its sandboxes, which come and go, are none (proc_pid_net(5)). */
export function countConnections(pid: number): number {
  const table = ['tcp', 'tcp6'].map((name) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8')).join('\n');
  const inodes = new Set(table.split('\n').map((line) => line.trim().split(/\s+/)[9]));
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => inodes.has(readSocket(`/proc/${pid}/fd/${fd}`))).length;
}

/** The inode of a descriptor that is a socket. */
function readSocket(descriptor: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(descriptor))?.[1];
  } catch {
    return undefined; // closed meanwhile
  }
}
