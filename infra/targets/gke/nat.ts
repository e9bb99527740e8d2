/** How nodes without an external address reach the internet: images, and what actions ask for. It costs by the hour and by the GiB. */
import * as gcp from '@pulumi/gcp';
import type { StackConfig } from '../../config';
import { fitName, type GoogleCloud } from '../../parts/google-cloud';
import type { Network } from './network';

export function makeNat(cloud: GoogleCloud<StackConfig<'gke'>>, { network }: Network): gcp.compute.RouterNat {
  const { student, region } = cloud.config;
  const options = cloud.options('compute');
  const name = fitName(63, student, 'pdfmagic');
  const router = new gcp.compute.Router('router', { name, region, network: network.id }, options);
  return new gcp.compute.RouterNat(
    'nat',
    {
      name,
      region,
      router: router.name,
      natIpAllocateOption: 'AUTO_ONLY',
      sourceSubnetworkIpRangesToNat: 'ALL_SUBNETWORKS_ALL_IP_RANGES',
    },
    options,
  );
}
