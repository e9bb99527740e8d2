/** HTTP to a stack: its CA's certificate, proxies of the environment, and no waiting without end. */
import { codeOf } from '../../ground/errors';
import { Failure, wordsOf } from '../failure';
import { sendDirectly } from './direct';
import { sendPooled } from './pooled';
import type { Answer, Asked, Send, Trust } from './transport';

export type { Answer, Asked, Trust } from './transport';

/** Sends requests to one stack. */
export class Http {
  private readonly send: Send;
  /** Whether there ever was an answer: then it was there, and may be there again. */
  hasAnswered = false;

  /**
   * @param many whether there will be many requests: then each takes less time, and the first one more
   * @throws UsageFailure when HTTP_PROXY or HTTPS_PROXY is not a URL
   */
  constructor(trust: Trust, many = false) {
    const proxies = hasProxies();
    this.send = many || proxies ? sendPooled(trust, proxies) : sendDirectly(trust);
  }

  /** @throws Failure when there is no answer */
  async ask(url: string, asked: Asked = {}): Promise<Answer> {
    try {
      const answer = await this.send(url, asked);
      this.hasAnswered = true;
      return answer;
    } catch (error) {
      if (asked.signal?.aborted) throw error;
      throw explainNoAnswer(url, wordsOf(error), String(codeOf(error) ?? ''));
    }
  }
}

/** Whether the environment names a proxy; which servers it is for, undici knows. */
function hasProxies(): boolean {
  const { env } = process;
  return [env.HTTP_PROXY, env.http_proxy, env.HTTPS_PROXY, env.https_proxy].some(Boolean);
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
