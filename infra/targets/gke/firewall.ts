/** Closes port 80 of the API host: the chart's Service has it beside 443, and Google's load balancer opens both to the world. */
import * as gcp from '@pulumi/gcp';
import type { StackConfig } from '../../config';
import { fitName, type GoogleCloud } from '../../parts/google-cloud';
import type { Network } from './network';

/** Before the rule that the load balancer makes, of 1000. */
const PRIORITY = 900;

/** Its packets reach a node with the address that they were sent to. Inside the cluster nobody calls nginx by that address. */
export function closeHttp(
  cloud: GoogleCloud<StackConfig<'gke'>>,
  network: Network,
  address: gcp.compute.Address,
): void {
  new gcp.compute.Firewall(
    'no-http',
    {
      name: fitName(63, cloud.config.student, 'pdfmagic-no-http'),
      network: network.network.id,
      direction: 'INGRESS',
      priority: PRIORITY,
      denies: [{ protocol: 'tcp', ports: ['80'] }],
      sourceRanges: ['0.0.0.0/0'],
      destinationRanges: [address.address],
    },
    cloud.options('compute'),
  );
}
