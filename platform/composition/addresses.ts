/** Addresses that a platform may listen on, and who may connect. */
import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { DockerRuntime } from '../invoker/docker';

export const LOOPBACK = '127.0.0.1';

/** What somebody asked for. */
interface AskedAddress {
  readonly host: string | undefined;
  /** Defined when containers have to reach it. */
  readonly docker: object | undefined;
}

/** The address goes into URLs that others use: no one can reach `0.0.0.0` from elsewhere, nor a container the host's loopback. */
export function refuseHost({ host, docker }: AskedAddress): void {
  if (host === undefined) return;
  if (['0.0.0.0', '::', '*', ''].includes(host)) {
    throw new Error(
      `--host ${host} is not an address that others can reach. Give the one by which they reach this machine.`,
    );
  }
  if (docker !== undefined && isLoopback(host)) {
    throw new Error(
      `containers cannot reach --host ${host}, the loopback of this machine. Leave out --host when you use --docker.`,
    );
  }
}

function isLoopback(host: string): boolean {
  return [LOOPBACK, '::1', 'localhost'].includes(host);
}

/**
 * Containers, and this machine itself under any of its addresses: the engine's own rules (masquerading) give it another one
 * on the way to its bridge. Whoever is on the same network could otherwise come in through Linux's weak host model.
 */
export function clientsOf({ subnet }: DockerRuntime): (address: string) => boolean {
  const [network = '', bits] = subnet.split('/');
  const containers = new BlockList();
  containers.addSubnet(network, Number(bits));
  const own = (address: string) =>
    Object.values(networkInterfaces()).some((all) => all?.some((one) => one.address === address));
  return (address) => containers.check(address) || own(address);
}

/** Plain processes can see more of this machine than a sandbox can: only its own user may reach them. */
export function requireLoopback(host: string, kind: string, docker: DockerRuntime | undefined): void {
  if (kind === 'bubblewrap' || isLoopback(host) || host === docker?.gateway) return;
  throw new Error(
    `without bubblewrap sandboxes the local platform listens on loopback only, not on ${host}. Install bubblewrap, or leave out --host.`,
  );
}
