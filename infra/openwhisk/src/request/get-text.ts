import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';

/** An answer as it came. */
export interface TextAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * One GET, without redirects, proxies or keys. For a short look that every `up` takes: `fetch` costs a tenth of a second and
 * forty megabytes until it has compiled its parser.
 *
 * @param signal ends the wait
 * @throws Error when no answer comes, or only half of one
 */
export function getText(url: URL, signal: AbortSignal): Promise<TextAnswer> {
  const { get } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    get(url, { agent: false, signal }, (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, text: body }), reject);
    }).on('error', reject);
  });
}
