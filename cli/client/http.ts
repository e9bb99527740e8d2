/** HTTP to a stack: its CA's certificate, proxies of the environment, and no waiting without end. */
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { CONVERSION_TIMEOUT } from '../../contract/limits';
import { codeOf } from '../../ground/errors';
import { Failure, UsageFailure, wordsOf } from '../failure';

/** How a stack's server is known. */
export interface Trust {
  /** PEM of the CA that signed its certificate; undefined for a public one. */
  readonly caCertificate: string | undefined;
  /** Take any certificate. */
  readonly insecure: boolean;
}

/** A request; the body is sent whole. */
export interface Asked {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
  /** Ends it; without one, a time limit does. */
  readonly signal?: AbortSignal | undefined;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** OpenWhisk holds a blocking invocation as long as a conversion may take, Cloud Run a request; and some for the way. */
const TIMEOUT = CONVERSION_TIMEOUT + 30_000;
/** Bytes of an answer: twice what Cloud Run answers at most, and far above OpenWhisk's limits. */
const LARGEST = 64 * 1024 * 1024;

/** Sends requests to one stack. */
export class Http {
  private readonly dispatcher: Dispatcher;
  /** Whether there ever was an answer: then it was there, and may be there again. */
  hasAnswered = false;

  /** @throws UsageFailure when HTTP_PROXY or HTTPS_PROXY is not a URL */
  constructor(trust: Trust) {
    const ca = trust.caCertificate === undefined ? {} : { ca: trust.caCertificate };
    const connect = { ...ca, rejectUnauthorized: !trust.insecure, timeout: 15_000 };
    // A service that does not answer has its end by the signal of the request.
    const patient = { headersTimeout: 0, bodyTimeout: 0 };
    try {
      this.dispatcher = new EnvHttpProxyAgent({ connect, requestTls: connect, ...patient });
    } catch (error) {
      throw new UsageFailure(`HTTP_PROXY or HTTPS_PROXY is not a URL: ${wordsOf(error)}.`, 'Correct it, or unset it.');
    }
  }

  /** @throws Failure when there is no answer */
  async ask(url: string, { method = 'GET', headers, body, signal }: Asked = {}): Promise<Answer> {
    const limit = signal ?? AbortSignal.timeout(TIMEOUT);
    try {
      const answer = await request(url, {
        method,
        headers: { ...headers },
        body: body ?? null,
        signal: limit,
        dispatcher: this.dispatcher,
      });
      const bytes = await readWhole(answer.body);
      this.hasAnswered = true;
      return { status: answer.statusCode, headers: answer.headers, body: bytes };
    } catch (error) {
      if (signal?.aborted) throw error;
      throw explainNoAnswer(
        url,
        limit.aborted ? `no answer within ${TIMEOUT / 1000} s` : wordsOf(error),
        String(codeOf(error) ?? ''),
      );
    }
  }
}

async function readWhole(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LARGEST) throw new Error(`its answer is larger than ${LARGEST} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** JSON that an answer holds; undefined when it holds none. */
export function jsonOf({ body }: Answer): unknown {
  return parseJson(body);
}

/** JSON in bytes; undefined when it is none. */
export function parseJson(bytes: Buffer | string): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}

/** There was no answer, or not all of it. */
export class NoAnswer extends Failure {}

function explainNoAnswer(url: string, words: string, code: string): NoAnswer {
  const { origin } = new URL(url);
  return new NoAnswer(`${origin} cannot be reached: ${words}.`, chooseHint(origin, code));
}

function chooseHint(origin: string, code: string): string {
  if (isLoopback(origin) && code === 'ECONNREFUSED')
    return 'Is the local platform running? `npm start` or `npm run platform` starts it.';
  if (/CERT|SIGNATURE|SELF_SIGNED|ALTNAME/.test(code)) {
    return (
      'Its certificate cannot be verified with the outputs of the stack. Run `pulumi refresh`, then try again. ' +
      '--insecure accepts any certificate, but then anyone in between can read everything.'
    );
  }
  return 'Try again. If that does not help, check whether the stack is still there: `pulumi preview`, or `npm run preview` on this machine.';
}

function isLoopback(url: string): boolean {
  return /^(localhost|\[::1\]|127\.[\d.]+)$/.test(new URL(url).hostname);
}
