/** The Google Cloud providers of a stack, and the APIs that it needs. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { BudgetConfig } from '../../config';
import { askPatiently, makeHook } from './hooks';
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

/** Options of a resource on Google Cloud. */
export type GoogleOptions = pulumi.CustomResourceOptions & {
  readonly provider: gcp.Provider;
  readonly dependsOn: pulumi.Resource[];
  readonly hooks: { readonly onError: pulumi.ErrorHook[] };
};

/** What every resource here is made with. */
export interface GoogleCloud<Config extends GoogleCloudArgs = GoogleCloudArgs> {
  readonly config: Config;
  readonly provider: gcp.Provider;
  readonly labels: Readonly<Record<string, string>>;
  /** Options for a resource: the provider, after the APIs it needs, and patient with what only needs time. */
  options(...apis: readonly ApiName[]): GoogleOptions;
  /** The same for a budget, which has a provider of its own. */
  budgetOptions(): GoogleOptions;
  /** Asks Google something, once these APIs are enabled, with the patience of a resource. */
  ask<T>(apis: readonly ApiName[], question: (options: pulumi.InvokeOptions) => Promise<T>): pulumi.Output<T>;
}

const APIS = {
  compute: 'compute.googleapis.com',
  container: 'container.googleapis.com',
  artifactregistry: 'artifactregistry.googleapis.com',
  iam: 'iam.googleapis.com',
  iamcredentials: 'iamcredentials.googleapis.com',
  storage: 'storage.googleapis.com',
  cloudresourcemanager: 'cloudresourcemanager.googleapis.com',
  billingbudgets: 'billingbudgets.googleapis.com',
  pubsub: 'pubsub.googleapis.com',
  run: 'run.googleapis.com',
  eventarc: 'eventarc.googleapis.com',
} as const;

/** An API that is enabled. */
export type ApiName = keyof typeof APIS;

/**
 * The first of all: the provider reads a project by it after each other API that it has enabled. It is itself enabled by
 * Service Usage, on the account of the caller's own project (gcloud's, for a user), which needs nothing of this one.
 */
const FIRST: ApiName = 'cloudresourcemanager';

/** Makes the providers, and enables the APIs; they stay enabled, since others in the project may use them. */
export function openGoogleCloud<Config extends GoogleCloudArgs>(config: Config): GoogleCloud<Config> {
  const labels = makeLabels(config);
  const provider = new gcp.Provider('google-cloud', {
    project: config.project,
    ...(config.region === undefined ? {} : { region: config.region }),
    ...(config.zone === undefined ? {} : { zone: config.zone }),
    defaultLabels: labels,
  });
  const hooks = { onError: [makeHook('google-cloud')] };
  const services = new Map<ApiName, gcp.projects.Service>();
  const service = (name: ApiName): gcp.projects.Service => {
    const present = services.get(name);
    if (present !== undefined) return present;
    const made = new gcp.projects.Service(
      name,
      { project: config.project, service: APIS[name], disableOnDestroy: false, disableDependentServices: false },
      { provider, hooks, dependsOn: name === FIRST ? [] : [service(FIRST)] },
    );
    services.set(name, made);
    return made;
  };
  return {
    config,
    provider,
    labels,
    options: (...apis) => ({ provider, hooks, dependsOn: apis.map(service) }),
    budgetOptions: () => ({
      provider: makeBudgetProvider(config),
      hooks,
      dependsOn: [service('billingbudgets')],
    }),
    // Pulumi asks nothing while an input is unknown: in the preview of an empty project, an id of a service is.
    ask: (apis, question) =>
      pulumi.all(apis.map((name) => service(name).id)).apply(() => askPatiently(() => question({ provider }))),
  };
}

/**
 * Budgets are asked on the account of a project, which a user's login does not name. No other call may name it: this project
 * answers for an API only once that is enabled in it, and enabling is itself asked by an API.
 */
function makeBudgetProvider({ project }: GoogleCloudArgs): gcp.Provider {
  return new gcp.Provider('google-cloud-budget', { project, userProjectOverride: true, billingProject: project });
}
