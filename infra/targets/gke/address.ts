/** The address of the API host, reserved before anything answers there: the certificate and the chart must know it. */
import * as gcp from '@pulumi/gcp';
import type { StackConfig } from '../../config';
import { fitName, type GoogleCloud } from '../../parts/google-cloud';

export function reserveAddress(cloud: GoogleCloud<StackConfig<'gke'>>): gcp.compute.Address {
  const { student, region } = cloud.config;
  return new gcp.compute.Address(
    'address',
    // Premium is the tier of a Service's load balancer unless told otherwise.
    { name: fitName(63, student, 'pdfmagic'), region, addressType: 'EXTERNAL', networkTier: 'PREMIUM' },
    cloud.options('compute'),
  );
}
