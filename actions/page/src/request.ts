/** Requests that tell how much has been sent: `fetch` cannot, so this is XMLHttpRequest. */

/** What to send. */
export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string | URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob | string;
  /** Told the part of the body that has left, 0 to 1. */
  readonly onSent?: (part: number) => void;
}

/** An answer, whatever its status. */
export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly body: Blob;
  /** Id of the activation behind it. */
  readonly activation: string | undefined;
  /** The body as JSON; undefined when it is none. */
  json(): Promise<unknown>;
}

/** A request that got no answer: no network, a broken connection, or more than two minutes without one. */
export class NoAnswer extends Error {}

/** Milliseconds for the whole of a request: OpenWhisk answers within one minute, a large upload may take more. */
const PATIENCE = 10 * 60_000;
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

function once({ method, url, headers = {}, body, onSent }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.responseType = 'blob';
    request.timeout = PATIENCE;
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    if (onSent !== undefined) {
      request.upload.onprogress = ({ loaded, total }) => onSent(total === 0 ? 1 : loaded / total);
      request.upload.onload = () => onSent(1);
    }
    request.onload = () => resolve(answerOf(request));
    for (const event of ['error', 'timeout', 'abort'] as const)
      request.addEventListener(event, () => reject(new NoAnswer()));
    request.send(body ?? null);
  });
}

function answerOf(request: XMLHttpRequest): Answer {
  const { status } = request;
  const body: Blob = request.response instanceof Blob ? request.response : new Blob();
  // Asking for a header that another origin does not expose is an error in the console.
  const own = new URL(request.responseURL || location.href).origin === location.origin;
  return {
    status,
    ok: status >= 200 && status < 300,
    body,
    activation: (own && request.getResponseHeader('x-openwhisk-activation-id')) || undefined,
    json: async () => {
      try {
        return JSON.parse(await body.text()) as unknown;
      } catch {
        return undefined;
      }
    },
  };
}
