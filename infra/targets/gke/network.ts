/** A network for the cluster alone: the project's default one may not be there, and others' firewall rules are not wanted. */
import * as gcp from '@pulumi/gcp';
import type { StackConfig } from '../../config';
import { fitName, type GoogleCloud } from '../../parts/google-cloud';

/** Ranges of addresses, private to this network (RFC 1918): 256 nodes, 16,384 pods, 1,024 services. */
const RANGES = { nodes: '10.10.0.0/24', pods: '10.20.0.0/18', services: '10.30.0.0/22' } as const;

/** Names of the secondary ranges. */
export const RANGE_NAMES = { pods: 'pods', services: 'services' } as const;

export interface Network {
  readonly network: gcp.compute.Network;
  readonly subnetwork: gcp.compute.Subnetwork;
}

/** Makes the network and one subnetwork in the region. Nodes have external addresses: cheaper than a NAT gateway. */
export function makeNetwork(cloud: GoogleCloud<StackConfig<'gke'>>): Network {
  const { student, region } = cloud.config;
  const options = cloud.options('compute');
  const network = new gcp.compute.Network(
    'network',
    { name: fitName(63, student, 'pdfmagic'), autoCreateSubnetworks: false },
    options,
  );
  const subnetwork = new gcp.compute.Subnetwork(
    'nodes',
    {
      name: fitName(63, student, 'pdfmagic-nodes'),
      network: network.id,
      region,
      ipCidrRange: RANGES.nodes,
      privateIpGoogleAccess: true,
      secondaryIpRanges: [
        { rangeName: RANGE_NAMES.pods, ipCidrRange: RANGES.pods },
        { rangeName: RANGE_NAMES.services, ipCidrRange: RANGES.services },
      ],
    },
    options,
  );
  return { network, subnetwork };
}
