/** A connection to a cluster that bears with a short outage: a zonal control plane is away for minutes at an upgrade. */
import { ApiException, BatchV1Api, CoreV1Api, KubeConfig, StorageV1Api } from '@kubernetes/client-node';
import { type Clock, MINUTE, SECOND } from './clock';

/** Which namespace of which cluster. */
export interface ClusterInputs {
  /** Content of a kubeconfig; a secret. */
  readonly kubeconfig: string;
  readonly namespace: string;
}

/** The APIs that are asked. */
export interface Cluster {
  readonly namespace: string;
  readonly core: CoreV1Api;
  readonly batch: BatchV1Api;
  readonly storage: StorageV1Api;
}

/** Opens a cluster; nothing is asked yet. @throws Error when the kubeconfig cannot be read */
export function openCluster({ kubeconfig, namespace }: ClusterInputs): Cluster {
  const config = new KubeConfig();
  config.loadFromString(kubeconfig);
  return {
    namespace,
    core: config.makeApiClient(CoreV1Api),
    batch: config.makeApiClient(BatchV1Api),
    storage: config.makeApiClient(StorageV1Api),
  };
}

/** How long a cluster may be out of reach. */
const OUTAGE = 2 * MINUTE;
const ANSWER = 30 * SECOND;

/** The cluster could not be reached, or turned the caller away, for too long. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/** Wraps requests of one wait: failures in between are borne for two minutes, then {@link UnreachableError}. */
export function patient(clock: Clock): <T>(request: () => Promise<T>) => Promise<T | undefined> {
  let failingSince: number | undefined;
  return async (request) => {
    try {
      const answer = await withinTime(request());
      failingSince = undefined;
      return answer;
    } catch (error) {
      if (statusOf(error) === 404) throw error;
      failingSince ??= clock.now();
      if (clock.now() - failingSince < OUTAGE) return undefined;
      throw new UnreachableError(`the cluster cannot be asked: ${reasonOf(error)}`);
    }
  };
}

/** HTTP status of an error of the API; undefined for any other error. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof ApiException ? error.code : undefined;
}

/** An error in one line, without the headers that the client adds. */
export function reasonOf(error: unknown): string {
  if (error instanceof ApiException) {
    const body: unknown = error.body;
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return `HTTP ${error.code}: ${/"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text.slice(0, 200)}`;
  }
  return error instanceof Error ? error.message : String(error);
}

function withinTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer within 30 seconds')), ANSWER);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
