/** Abstract Unix sockets of the host, as a desktop's services have them: whoever shares the network may connect. */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

const LISTENER = `import socket, sys
stream = socket.socket(socket.AF_UNIX); stream.bind("\\0" + sys.argv[1]); stream.listen()
datagram = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); datagram.bind("\\0" + sys.argv[1] + "-d")
print("ready", flush=True)
while True: stream.accept()
`;
const CALLER = `import socket, sys
socket.socket(socket.AF_UNIX).connect("\\0" + sys.argv[1])
socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", "\\0" + sys.argv[1] + "-d")
print("reached")
`;

/** Listens until `end` is called; for datagrams at the same name with `-d` behind it. */
export async function listen(): Promise<{ readonly name: string; end(): void }> {
  const name = `pdfmagic-${randomBytes(6).toString('hex')}`;
  const server = spawn('/usr/bin/python3', ['-c', LISTENER, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve) => void server.stdout.once('data', () => resolve()));
  return { name, end: () => void server.kill('SIGKILL') };
}

/** Whether both answer to a program of the host. */
export function isReached(name: string): boolean {
  return spawnSync('/usr/bin/python3', ['-c', CALLER, name], { encoding: 'utf8' }).stdout.trim() === 'reached';
}
