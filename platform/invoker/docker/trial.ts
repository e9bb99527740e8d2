/** A container on trial: which Python the image has, and whether containers reach this machine. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import { messageOf } from '../../../ground/errors';
import { portOf } from '../../../ground/free-port';
import { DockerError, docker } from './command';

/** What a trial found out. */
export interface Trial {
  /** Major and minor version of the image's Python, e.g. `3.11`. */
  readonly python: string;
  /** The address of this machine as its containers and this machine itself know it, e.g. `172.17.0.1`. */
  readonly gateway: string;
}

/** Version, and the gateway of the default route (proc(5), /proc/net/route: hexadecimal, in the machine's byte order). */
const LOOK = `
import socket, struct, sys
print("%d.%d" % sys.version_info[:2])
for line in open("/proc/net/route"):
    fields = line.split()
    if fields[1] == "00000000":
        print(socket.inet_ntoa(struct.pack("=L", int(fields[2], 16))))
        break
`;
const CONNECT = `
import socket, sys
socket.create_connection((sys.argv[1], int(sys.argv[2])), 5).close()
`;

/**
 * Tries the image.
 * @throws DockerError when it has no Python, when the engine is not on this machine, or when a firewall is in between
 */
export async function tryImage(image: string): Promise<Trial> {
  const [python = '', gateway = ''] = (await runPython(image, LOOK)).split('\n');
  if (!/^3\.\d+$/.test(python)) throw new DockerError(`The image ${image} has no Python 3: it reports '${python}'.`);
  if (gateway === '') throw new DockerError(`Containers of the Docker engine have no network, so no action can work.`);
  await reach(image, gateway);
  return { python, gateway };
}

function runPython(image: string, script: string, ...args: string[]): Promise<string> {
  return docker(['run', '--rm', '--entrypoint', 'python3', image, '-c', script, ...args]);
}

/** A container connects to a port that this process has opened at the gateway's address. */
async function reach(image: string, gateway: string): Promise<void> {
  const server = createServer((socket) => socket.on('error', () => {}).end());
  try {
    server.listen(0, gateway);
    await once(server, 'listening');
  } catch (error) {
    throw new DockerError(
      `The Docker engine's containers know their host as ${gateway}, which is not this machine ` +
        `(${messageOf(error)}). --docker needs an engine that runs on this very machine as root: ` +
        'not Docker Desktop, not a rootless or a remote one. Without --docker actions run in sandboxes of this machine.',
    );
  }
  try {
    await runPython(image, CONNECT, gateway, String(portOf(server)));
  } catch (error) {
    throw new DockerError(
      `Containers cannot reach this machine at ${gateway} (${messageOf(error)}), and so no ` +
        'action could reach its storage. A firewall may be in between; for ufw: `sudo ufw allow in on docker0`.',
    );
  } finally {
    server.close();
  }
}
