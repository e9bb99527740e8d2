/** Bearing with a short outage: a zonal control plane is away for minutes when it is upgraded. */
import { ApiException } from '@kubernetes/client-node';
import { type Clock, MINUTE, SECOND } from './clock';

/** How long a cluster may be out of reach; half of the wait's time if that is less. */
const OUTAGE = 2 * MINUTE;
/** Longer than the time limit of a request: this one also ends a credential plugin that hangs. */
const ANSWER = 40 * SECOND;

/** The cluster could not be reached, or turned the caller away, for too long. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}

/**
 * Wraps the requests of one wait: failures are borne for two minutes (the answer is undefined then), after that they end
 * in an {@link UnreachableError}; a credential plugin that is not installed does so at once.
 * @param timeout milliseconds of the whole wait
 */
export function makePatient(clock: Clock, timeout: number): <T>(request: () => Promise<T>) => Promise<T | undefined> {
  const outage = Math.min(OUTAGE, timeout / 2);
  let failingSince: number | undefined;
  return async (request) => {
    try {
      const answer = await withinTime(request());
      failingSince = undefined;
      return answer;
    } catch (error) {
      const plugin = findMissingPlugin(error);
      if (plugin !== undefined) {
        throw new UnreachableError(
          `the kubeconfig needs the program ${plugin}, which is not on the PATH. Install it (for GKE: \`gcloud components ` +
            'install gke-gcloud-auth-plugin`) and run this again',
        );
      }
      failingSince ??= clock.now();
      if (clock.now() - failingSince < outage) return undefined;
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
  if (!(error instanceof ApiException)) return (error instanceof Error ? error.message : String(error)).trim();
  if (error.code === 401) return 'HTTP 401: it does not accept the credentials of the kubeconfig';
  const body: unknown = error.body ?? '';
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return `HTTP ${error.code}: ${/"message":"((?:[^"\\]|\\.)*)"/.exec(text)?.[1] ?? text.slice(0, 200)}`;
}

/** `spawn NAME ENOENT` is how Node says that a program was not found. */
function findMissingPlugin(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOENT') return undefined;
  return /^spawn (.+) ENOENT$/.exec(error.message)?.[1];
}

function withinTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ANSWER);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
