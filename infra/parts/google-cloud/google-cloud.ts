/** The Google Cloud provider of a stack, and the APIs that it needs. */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import type { BudgetConfig } from '../../config';
import { makeLabels } from './names';

/** Which project, and whose. */
export interface GoogleCloudArgs {
  readonly student: string;
  readonly stack: string;
  /** Id of the project. */
  readonly project: string;
  readonly region?: string;
  readonly zone?: string;
  /** `YYYY-MM-DD`, a label on what costs. */
  readonly expires?: string | undefined;
  readonly budget?: BudgetConfig | undefined;
}

/** A place in {@link GoogleCloudArgs} that is known. */
export type InRegion = GoogleCloudArgs & { readonly region: string };

/** What every resource here is made with. */
export interface GoogleCloud<Config extends GoogleCloudArgs = GoogleCloudArgs> {
  readonly config: Config;
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
  pubsub: 'pubsub.googleapis.com',
  run: 'run.googleapis.com',
  eventarc: 'eventarc.googleapis.com',
} as const;

/** An API that is enabled. */
export type ApiName = keyof typeof APIS;

/** Makes the provider, and enables the APIs; they stay enabled, since others in the project may use them. */
export function openGoogleCloud<Config extends GoogleCloudArgs>(config: Config): GoogleCloud<Config> {
  const labels = makeLabels(config);
  const provider = new gcp.Provider('google-cloud', {
    project: config.project,
    ...(config.region === undefined ? {} : { region: config.region }),
    ...(config.zone === undefined ? {} : { zone: config.zone }),
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
