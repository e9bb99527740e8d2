/** Requests by undici: through the proxies of the environment, and for many requests, of which each takes less of the processor. */
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { UsageFailure, wordsOf } from '../failure';
import { type Answer, BoundedBody, CONNECT_TIMEOUT, limitTime, type Send, type Trust } from './transport';

/** @param proxies whether to look for them. @throws UsageFailure when HTTP_PROXY or HTTPS_PROXY is not a URL */
export function sendPooled(trust: Trust, proxies: boolean): Send {
  const dispatcher = openAgent(trust, proxies);
  return (url, asked) => {
    const { origin, pathname, search } = new URL(url);
    const { method = 'GET', headers, body, largest, signal } = asked;
    const receiver = new Receiver(largest);
    const abort = () => receiver.abort(signal?.reason);
    const work = async () => {
      signal?.throwIfAborted();
      signal?.addEventListener('abort', abort);
      const path = `${pathname}${search}`;
      try {
        dispatcher.dispatch({ origin, path, method, headers: { ...headers }, body: body ?? null }, receiver);
        return await receiver.answer;
      } finally {
        signal?.removeEventListener('abort', abort);
      }
    };
    return limitTime(asked, (late) => receiver.abort(late), work);
  };
}

/** Takes an answer as it comes: a stream of its body would take as much of the processor as the rest of a small request. */
class Receiver implements Dispatcher.DispatchHandler {
  readonly answer: Promise<Answer>;
  private readonly body: BoundedBody;
  private resolve: (answer: Answer) => void = () => {};
  private reject: (error: Error) => void = () => {};
  private controller: Dispatcher.DispatchController | undefined;
  private aborted: Error | undefined;
  private status = 0;
  private headers: Answer['headers'] = {};

  constructor(largest?: number) {
    this.body = new BoundedBody(largest);
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** Ends the request, also one that waits for a connection. */
  abort(reason: Error): void {
    this.aborted = reason;
    this.controller?.abort(reason);
    this.reject(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.aborted !== undefined) controller.abort(this.aborted);
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: Answer['headers']): void {
    this.status = status;
    this.headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.body.add(chunk);
  }

  onResponseEnd(): void {
    this.resolve({ status: this.status, headers: this.headers, body: this.body.whole });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.reject(error);
  }
}

function openAgent({ caCertificate, insecure }: Trust, proxies: boolean): Dispatcher {
  const ca = caCertificate === undefined ? {} : { ca: caCertificate };
  const connect = { ...ca, rejectUnauthorized: !insecure, timeout: CONNECT_TIMEOUT };
  // A service that does not answer has its end by the time limit of the request, or by its signal.
  const patient = { headersTimeout: 0, bodyTimeout: 0 };
  if (!proxies) return new Agent({ connect, ...patient });
  try {
    return new EnvHttpProxyAgent({ connect, requestTls: connect, ...patient });
  } catch (error) {
    throw new UsageFailure(`HTTP_PROXY or HTTPS_PROXY is not a URL: ${wordsOf(error)}.`, 'Correct it, or unset it.');
  }
}
