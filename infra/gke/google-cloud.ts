/** The Google Cloud provider of a stack, and the APIs that it needs. */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { GkeConfig } from '../config';
import { labelsOf } from './names';

/** What every resource here is made with. */
export interface GoogleCloud {
  readonly config: GkeConfig;
  readonly provider: gcp.Provider;
  readonly labels: Readonly<Record<string, string>>;
  /** Options for a resource: the provider, and after the APIs it needs. */
  options(...apis: readonly ApiName[]): pulumi.CustomResourceOptions & { dependsOn: pulumi.Resource[] };
}

const APIS = {
  compute: 'compute.googleapis.com',
  container: 'container.googleapis.com',
  artifactregistry: 'artifactregistry.googleapis.com',
  iam: 'iam.googleapis.com',
  storage: 'storage.googleapis.com',
  cloudresourcemanager: 'cloudresourcemanager.googleapis.com',
  billingbudgets: 'billingbudgets.googleapis.com',
} as const;

/** An API that is enabled. */
export type ApiName = keyof typeof APIS;

/** Makes the provider, and enables the APIs; they stay enabled, since others in the project may use them. */
export function openGoogleCloud(config: GkeConfig): GoogleCloud {
  const labels = labelsOf(config);
  const provider = new gcp.Provider('google-cloud', {
    project: config.project,
    region: config.region,
    zone: config.zone,
    defaultLabels: labels,
    // Budgets are asked of the project that pays for the call, which a user's login does not name.
    ...(config.budget === undefined ? {} : { userProjectOverride: true, billingProject: config.project }),
  });
  const services = new Map<ApiName, gcp.projects.Service>();
  const service = (name: ApiName): gcp.projects.Service => {
    const present = services.get(name);
    if (present !== undefined) return present;
    const made = new gcp.projects.Service(
      name,
      { project: config.project, service: APIS[name], disableOnDestroy: false, disableDependentServices: false },
      { provider },
    );
    services.set(name, made);
    return made;
  };
  return { config, provider, labels, options: (...apis) => ({ provider, dependsOn: apis.map(service) }) };
}
