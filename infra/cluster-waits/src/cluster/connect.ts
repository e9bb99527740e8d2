/** A connection to a cluster, each request of which ends in time. */
import {
  BatchV1Api,
  CoreV1Api,
  createConfiguration,
  KubeConfig,
  type Middleware,
  ServerConfiguration,
} from '@kubernetes/client-node';
import { SECOND } from './clock';
import type { ClusterInputs } from './cluster-inputs';

/** The APIs that are asked. */
export interface Cluster {
  readonly namespace: string;
  /** What gives a pod room, in words for a user. */
  readonly moreRoom: string | undefined;
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
}

const ANSWER = 30 * SECOND;

/** Opens a cluster; nothing is asked yet. @throws Error when the kubeconfig cannot be used; it does not quote it */
export function openCluster({ kubeconfig, namespace, moreRoom }: Omit<ClusterInputs, 'timeout'>): Cluster {
  const config = new KubeConfig();
  try {
    config.loadFromString(kubeconfig);
  } catch {
    // The parser's own words quote the text, secrets and all.
    throw new Error('The kubeconfig of this resource is not valid YAML. Give the whole text of a kubeconfig file.');
  }
  const server = config.getCurrentCluster()?.server;
  if (server === undefined) {
    throw new Error(
      'The kubeconfig of this resource has no current context with a cluster: set its `current-context`.',
    );
  }
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: config },
    promiseMiddleware: [timeLimit],
  });
  return { namespace, moreRoom, core: new CoreV1Api(configuration), batch: new BatchV1Api(configuration) };
}

const timeLimit: Middleware = {
  pre: async (context) => {
    context.setSignal(AbortSignal.timeout(ANSWER));
    return context;
  },
  post: async (context) => context,
};
