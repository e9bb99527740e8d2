/** Who may call a service: Cloud Run refuses whoever has not the role run.invoker on it. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { GoogleCloud } from '../../parts/google-cloud';

const REFUSAL = /allowedPolicyMemberDomains|do(es)? not belong to a permitted customer/i;

/** What a user can do when an organization refuses `allUsers`; undefined when `errors` are about something else. */
export function explainRefusal(errors: readonly string[]): string | undefined {
  if (!errors.some((error) => REFUSAL.test(error))) return undefined;
  return (
    'Your organization does not allow public services (policy constraints/iam.allowedPolicyMemberDomains). Two ways out:\n' +
    '  - an administrator exempts this project from it; then `pulumi up` again;\n' +
    '  - `pulumi config set publicApi false`: then callers need the role run.invoker, and send `gcloud auth ' +
    'print-identity-token` as a bearer token.'
  );
}

/** Makes a service public, as the API on OpenWhisk is. */
export function letAnyoneInvoke(cloud: GoogleCloud, service: gcp.cloudrunv2.Service): void {
  const explain = new pulumi.ErrorHook('explain-refusal-of-everyone', async ({ errors }) => {
    const text = explainRefusal(errors);
    if (text !== undefined) await pulumi.log.error(text);
    // A refusal stays one; anything else is Pulumi's to report.
    return false;
  });
  letInvoke(cloud, 'anyone-invokes', service, 'allUsers', { hooks: { onError: [explain] } });
}

/** Lets `member` call one service, and no other. */
export function letInvoke(
  cloud: GoogleCloud,
  name: string,
  service: gcp.cloudrunv2.Service,
  member: pulumi.Input<string>,
  options: pulumi.CustomResourceOptions = {},
): gcp.cloudrunv2.ServiceIamMember {
  const { project, location } = service;
  return new gcp.cloudrunv2.ServiceIamMember(
    name,
    { project, location, name: service.name, role: 'roles/run.invoker', member },
    { provider: cloud.provider, ...options },
  );
}
