/** Whether there is a Docker engine that can be used, and how its containers reach this machine. */
import { z } from 'zod';
import { DockerError, docker } from './command';

const WAY_OUT = 'Or leave --docker out: actions then run in sandboxes on this machine, without Docker.';

/** @throws DockerError that says what is missing, and what to do */
export async function requireEngine(): Promise<void> {
  try {
    await docker(['version', '--format', '{{.Server.Version}}'], 20_000);
  } catch (error) {
    throw new DockerError(explainEngine(error));
  }
}

function explainEngine(error: unknown): string {
  const { message, said } = error instanceof DockerError ? error : { message: String(error), said: '' };
  if (message.startsWith('There is no')) {
    return `${message} Install Docker Engine (Debian, Ubuntu: \`sudo apt-get install docker.io\`). ${WAY_OUT}`;
  }
  const remedy = /permission denied/i.test(said)
    ? 'Your user may not use it: `sudo usermod -aG docker $USER`, then log in again.'
    : 'Start it: `sudo systemctl start docker`.';
  return `The Docker engine cannot be reached (${message}). ${remedy} ${WAY_OUT}`;
}

/** Of `docker network inspect`; only IPv4 is used. */
const ipam = z.array(z.object({ Subnet: z.string() }));

/**
 * The IPv4 subnet of the network that containers get unless told otherwise, e.g. `172.17.0.0/16`.
 * @throws DockerError when the engine has no such network
 */
export async function findBridgeSubnet(): Promise<string> {
  const advice = `Actions need it to reach the storage of this machine. ${WAY_OUT}`;
  let configs: z.infer<typeof ipam>;
  try {
    configs = ipam.parse(
      JSON.parse(await docker(['network', 'inspect', 'bridge', '--format', '{{json .IPAM.Config}}'])),
    );
  } catch (error) {
    const why = error instanceof DockerError ? error.message : 'its answer is not readable';
    throw new DockerError(`The Docker engine has no network 'bridge' (${why}). ${advice}`);
  }
  const subnet = configs.map(({ Subnet }) => Subnet).find((text) => /^\d+(\.\d+){3}\/\d+$/.test(text));
  if (subnet === undefined)
    throw new DockerError(`The Docker engine's network 'bridge' has no IPv4 addresses. ${advice}`);
  return subnet;
}
