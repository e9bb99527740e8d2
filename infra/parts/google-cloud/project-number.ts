/** The number of the project: Google's own names for things in it have that, not the id. */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { GoogleCloud } from './google-cloud';

/** Asks for it, once Cloud Resource Manager is enabled. */
export function askProjectNumber(cloud: GoogleCloud): pulumi.Output<string> {
  const { project } = cloud.config;
  return cloud
    .ask(['cloudresourcemanager'], (options) => gcp.organizations.getProject({ projectId: project }, options))
    .apply(({ number }) => number);
}
