/** Requests that tell how much has been sent: `fetch` cannot, so this is XMLHttpRequest. */

/** What to send. */
export interface Call {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob | string;
  /** Told the part of the body that has left, 0 to 1. */
  readonly onSent?: (part: number) => void;
  /** Ends the request when it is aborted: nobody wants its answer any more. */
  readonly signal: AbortSignal;
}

/** An answer, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly body: Blob;
  /** Id of the activation behind it. */
  readonly activation: string | undefined;
  /** A header of an answer of the service. */
  header(name: string): string | undefined;
  /** The body as JSON; undefined when it is none. */
  json(): Promise<unknown>;
}

/** A request that got no answer: no network, a broken connection, an end, or two minutes in which nothing came or went. */
export class NoAnswer extends Error {}

/** Milliseconds in which nothing comes or goes: OpenWhisk answers within one minute. */
const PATIENCE = 2 * 60_000;
/** Milliseconds before a request that was turned away for too much traffic is made again. */
const PAUSES = [2_000, 5_000, 15_000];

/** Sends a request; one that is turned away for too much traffic, again after a while. @throws NoAnswer */
export async function ask(call: Call): Promise<Answer> {
  for (const pause of PAUSES) {
    const answer = await once(call);
    if (answer.status !== 429 && answer.status !== 503) return answer;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
  return once(call);
}

/** Whether anybody answers there, whatever the answer. @throws NoAnswer; also for that of a gateway with nothing behind it */
export async function reach(url: URL): Promise<void> {
  const { status } = await once({ method: 'HEAD', url, signal: AbortSignal.timeout(PATIENCE) });
  if (status >= 500) throw new NoAnswer();
}

function once({ method, url, headers = {}, body, onSent, signal }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new NoAnswer());
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = 'blob';
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    const end = () => request.abort();
    let idle = setTimeout(end, PATIENCE);
    const moved = () => {
      clearTimeout(idle);
      idle = setTimeout(end, PATIENCE);
    };
    request.addEventListener('progress', moved);
    // Listeners on the upload make a preflight of every request to another origin: only where there is a body.
    if (body !== undefined) {
      request.upload.addEventListener('progress', ({ loaded, total }) => {
        moved();
        onSent?.(total === 0 ? 1 : loaded / total);
      });
      request.upload.addEventListener('load', () => onSent?.(1));
    }
    request.addEventListener('load', () => resolve(readAnswer(request)));
    request.addEventListener('loadend', () => {
      clearTimeout(idle);
      signal.removeEventListener('abort', end);
      // After `load` this is too late to count.
      reject(new NoAnswer());
    });
    signal.addEventListener('abort', end);
    request.send(body ?? null);
  });
}

function readAnswer(request: XMLHttpRequest): Answer {
  const { status } = request;
  const body: Blob = request.response instanceof Blob ? request.response : new Blob();
  // Asking for a header that another origin does not expose is an error in the console.
  const own = new URL(request.responseURL || location.href).origin === location.origin;
  const header = (name: string) => (own && request.getResponseHeader(name)) || undefined;
  return {
    status,
    ok: status >= 200 && status < 300,
    body,
    activation: header('x-openwhisk-activation-id'),
    header,
    json: async () => {
      try {
        return JSON.parse(await body.text()) as unknown;
      } catch {
        return undefined;
      }
    },
  };
}

/** A text of an answer's JSON; undefined when there is none. */
export function readText(said: unknown, key: string): string | undefined {
  const found = typeof said === 'object' && said !== null ? (said as Record<string, unknown>)[key] : undefined;
  return typeof found === 'string' ? found : undefined;
}
