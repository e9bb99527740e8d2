/**
 * new-file-feed: starts and ends the flow of events to a trigger, as OpenWhisk's feed convention has it
 * (apache/openwhisk/docs/feeds.md, "Implementing feed actions").
 *
 * Parameters: `lifecycleEvent` (CREATE, READ, UPDATE, DELETE), `triggerName` (`/namespace/name`) and `authKey` by the
 * convention; `bucket` is whose new files fire the trigger, as before for an UPDATE without one; `settings`, the deployer's
 * alone (actions/settings.json), have the URL of the feed service (feed/). The result is the service's answer, or an `error`.
 *
 * Written for Node.js 14, which an OpenWhisk may still run (infra/packaging/nodejs.ts): it has no `fetch`.
 */
const http = require('node:http');
const https = require('node:https');

const METHODS = { CREATE: 'PUT', UPDATE: 'PUT', READ: 'GET', DELETE: 'DELETE' };
/** Milliseconds: below the 60 s of a blocking invocation. */
const TIMEOUT = 20_000;

function main(params) {
  const { lifecycleEvent, triggerName, authKey, bucket, settings } = params;
  const keepsBucket = lifecycleEvent === 'UPDATE' && bucket === undefined;
  // `wsk trigger update` without a bucket changes nothing of the feed, and its answer says what the feed is.
  const method = keepsBucket ? METHODS.READ : METHODS[lifecycleEvent];
  if (method === undefined) {
    return { error: `lifecycleEvent must be one of ${Object.keys(METHODS).join(', ')}, not ${lifecycleEvent}.` };
  }
  const [, namespace, name] = /^\/?([^/]+)\/([^/]+)$/.exec(triggerName) || [];
  if (name === undefined) return { error: `triggerName must be /namespace/name, not ${triggerName}.` };
  if (typeof authKey !== 'string') return { error: 'authKey, the OpenWhisk key, is missing.' };
  if (method === 'PUT' && typeof bucket !== 'string') {
    return { error: 'bucket is missing: the name of the bucket whose new files fire the trigger.' };
  }
  const url = settings['feed-url'];
  if (typeof url !== 'string') return { error: 'feed-url, the URL of the feed service, is missing.' };
  const trigger = `${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
  return request(method, `${url}/triggers/${trigger}`, authKey, method === 'PUT' ? { bucket } : undefined);
}

function request(method, url, authKey, body) {
  const text = body === undefined ? '' : JSON.stringify(body);
  const headers = { authorization: `Basic ${Buffer.from(authKey).toString('base64')}` };
  if (body !== undefined) {
    headers['content-type'] = 'application/json';
    headers['content-length'] = Buffer.byteLength(text);
  }
  return new Promise((resolve) => {
    const failed = (error) => resolve({ error: `The feed service at ${url} cannot be reached: ${error.message}` });
    const client = url.startsWith('https:') ? https : http;
    const outgoing = client.request(url, { method, headers, timeout: TIMEOUT }, (answer) => {
      const chunks = [];
      answer.on('data', (chunk) => chunks.push(chunk));
      answer.on('error', failed);
      answer.on('end', () => resolve(resultOf(answer.statusCode, Buffer.concat(chunks).toString('utf8'))));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT / 1000} s`)));
    outgoing.on('error', failed);
    outgoing.end(text);
  });
}

function resultOf(status, text) {
  let body = {};
  try {
    body = JSON.parse(text);
  } catch {
    // Its status says enough.
  }
  if (status >= 200 && status < 300) return body;
  return { error: `The feed service answered ${status}: ${body.error || text}` };
}

exports.main = main;
