/** The Service through which OpenWhisk is reached: `<release>-nginx`. */
import type { V1Service } from '@kubernetes/client-node';
import { type Clock, MINUTE, poll } from '../cluster/clock';
import type { Cluster } from '../cluster/connect';
import { makePatient, statusOf } from '../cluster/patient';
import { diagnose } from '../diagnosis/diagnose';

/** A load balancer that is being changed may show its old address for so long. */
const OLD_ADDRESS = 2 * MINUTE;

/** Reads the Service; undefined when there is none. @throws Error of the client */
export async function readService({ core, namespace }: Cluster, name: string): Promise<V1Service | undefined> {
  try {
    return await core.readNamespacedService({ name, namespace });
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Address or name of its load balancer, when it has one. */
export function addressOf(service: V1Service | undefined): string | undefined {
  const [ingress] = service?.status?.loadBalancer?.ingress ?? [];
  return ingress?.ip ?? ingress?.hostname;
}

/** The Service in words: its type, ports and address. */
export function describeService(name: string, service: V1Service | undefined): string {
  if (service === undefined) return `  - service ${name}: is not there`;
  const ports = service.spec?.ports?.map(({ port, nodePort }) =>
    nodePort === undefined ? `${port}` : `${port} (${nodePort} on the nodes)`,
  );
  const address = service.spec?.type === 'LoadBalancer' ? `, address ${addressOf(service) ?? 'none yet'}` : '';
  return `  - service ${name}: type ${service.spec?.type}, ports ${ports?.join(', ')}${address}`;
}

/**
 * Waits until the load balancer has the address that was reserved for it. A name of an address that does not exist is
 * ignored in silence, and another address used: hence this look.
 * @param end milliseconds since 1970
 * @throws Error naming both addresses
 */
export async function expectAddress(
  cluster: Cluster,
  name: string,
  expected: string,
  end: number,
  clock: Clock,
): Promise<void> {
  const ask = makePatient(clock, end - clock.now());
  let found: string | undefined;
  let since = clock.now();
  const settled = await poll(
    async () => {
      const answer = await ask(async () => ({ address: addressOf(await readService(cluster, name)) }));
      if (answer === undefined) return undefined;
      if (answer.address !== found) since = clock.now();
      found = answer.address;
      return found === expected || (found !== undefined && clock.now() - since >= OLD_ADDRESS) ? true : undefined;
    },
    end - clock.now(),
    clock,
  );
  if (settled && found === expected) return;
  if (found === undefined) {
    throw new Error(
      `Service ${name} got no address, though ${expected} is reserved for it:\n${await diagnose(cluster)}`,
    );
  }
  throw new Error(
    `Service ${name} has the address ${found} instead of the reserved ${expected}: the cluster ignored the annotation ` +
      'networking.gke.io/load-balancer-ip-addresses. It counts only together with cloud.google.com/l4-rbs: "enabled", from ' +
      "the Service's creation on, and names an address of the same region. Delete the Service " +
      `(\`kubectl -n ${cluster.namespace} delete service ${name}\`), then \`pulumi up --refresh\`.`,
  );
}
