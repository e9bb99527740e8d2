/** How much memory may lie in sockets: what was sent and not read yet is in no process's memory. */
import { readText } from './read';

/** Sockets that need no look: a sandbox's own streams, and some. */
const UNSEEN = 8;
/** Those other than TCP's of which the kernel tells no more than that they are there, and how many go without a charge. */
const FREE = 64;
/** Bytes that one of them can hold: twice Linux's largest send buffer (net.core.wmem_max), as the kernel counts it. */
const BUFFER = 2 * 212_992;
const LISTENING = '0A';

/**
 * Bytes in the buffers of these sockets, given by their inodes; the worst case for those whose buffers nobody tells.
 * @param pid a process of their network
 */
export function socketBuffersOf(inodes: ReadonlySet<string>, pid: number): number {
  if (inodes.size <= UNSEEN) return 0;
  const { bytes, count } = tcpBuffersOf(inodes, pid);
  return bytes + Math.max(0, inodes.size - count - FREE) * BUFFER;
}

/** From /proc/net/tcp (proc_net(5)): an address is ADDRESS:PORT, the queues are SENT:RECEIVED, all in hexadecimal digits. */
function tcpBuffersOf(inodes: ReadonlySet<string>, pid: number): { readonly bytes: number; readonly count: number } {
  const rows = ['tcp', 'tcp6'].flatMap((table) => rowsOf(`/proc/${pid}/net/${table}`));
  const own = rows.filter(({ inode }) => inodes.has(inode));
  const ports = new Set(own.filter(({ state }) => state === LISTENING).map(({ port }) => port));
  // A connection that nobody has accepted yet has no inode, and takes what is sent all the same.
  const waiting = rows.filter(({ inode, port }) => inode === '0' && ports.has(port));
  const bytes = [...own, ...waiting].reduce((sum, row) => sum + (row.state === LISTENING ? 0 : row.bytes), 0);
  return { bytes, count: own.length };
}

function rowsOf(table: string) {
  const lines = readText(table).trim().split('\n').slice(1);
  return lines.map((line) => {
    const [, local = '', , state = '', queues = '', , , , , inode = ''] = line.trim().split(/\s+/);
    const bytes = queues.split(':').reduce((sum, queue) => sum + Number.parseInt(queue, 16), 0);
    return { port: local.slice(local.lastIndexOf(':') + 1), state, bytes, inode };
  });
}
