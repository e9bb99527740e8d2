/** Who may call a service: Cloud Run refuses whoever has not the role run.invoker on it. */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { GoogleCloud } from '../../parts/google-cloud';

/** Lets `member` call one service, and no other. */
export function letInvoke(
  cloud: GoogleCloud,
  name: string,
  service: gcp.cloudrunv2.Service,
  member: pulumi.Input<string>,
): gcp.cloudrunv2.ServiceIamMember {
  const { project, location } = service;
  return new gcp.cloudrunv2.ServiceIamMember(
    name,
    { project, location, name: service.name, role: 'roles/run.invoker', member },
    cloud.options('run'),
  );
}
