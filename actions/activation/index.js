/**
 * activation: what OpenWhisk recorded of an activation of this package, for whoever has its id: how long it ran and waited,
 * cold or warm, how it ended. Never its arguments, result or logs.
 *
 * Asks OpenWhisk's REST API (`GET /namespaces/_/activations/ID`) with the key of the annotation `provide-api-key`. Where
 * OpenWhisk is, and whose certificate is trusted with the key, `settings` say: they are the deployer's alone
 * (actions/settings.json).
 */
const http = require('node:http');
const https = require('node:https');

/** OpenWhisk's ids: 32 hexadecimal digits. */
const ID = /^[0-9a-f]{32}$/;
/** Milliseconds without a byte. */
const PATIENCE = 10_000;

/** Status and body of a GET with the action's own key. */
function get(path, apihost, certificate) {
  const host = apihost || (process.env.__OW_API_HOST ?? '');
  const url = new URL(path, /^https?:\/\//.test(host) ? host : `https://${host}`);
  const options = { auth: process.env.__OW_API_KEY, timeout: PATIENCE, ...certificate };
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'http:' ? http : https).get(url, options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks).toString('utf8') }));
    });
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', reject);
  });
}

function answer(statusCode, body) {
  return { statusCode, headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }, body };
}

function refusal(statusCode, code, error) {
  return answer(statusCode, { error, code });
}

/** What may be known of a record; undefined when it is of another package. */
function shown(record, packageName) {
  const annotations = Object.fromEntries((record.annotations ?? []).map(({ key, value }) => [key, value]));
  const [, inPackage, name] = String(annotations.path ?? '').split('/');
  if (inPackage !== packageName || name === undefined) return undefined;
  const { waitTime, initTime } = annotations;
  const { activationId: id, start, end, duration = end - start, response } = record;
  return {
    ...{ id, name, start, duration },
    ...(typeof waitTime === 'number' ? { waitTime } : {}),
    ...(typeof initTime === 'number' ? { initTime } : {}),
    cold: typeof initTime === 'number',
    success: response?.success === true,
  };
}

async function main(args) {
  const { id, settings, __ow_headers: headers = {} } = args;
  // As actions/pdfmagic/origin.py has it.
  if (!['same-origin', 'none', undefined].includes(headers['sec-fetch-site'])) {
    return refusal(403, 'other-origin', 'This is for the page of this service, not for pages of other origins.');
  }
  if (typeof id !== 'string' || !ID.test(id)) {
    return refusal(400, 'bad-parameter', "The parameter 'id' must be an activation id: 32 hexadecimal digits.");
  }
  const none = () => refusal(404, 'no-such-activation', 'OpenWhisk has no record of this activation, or not yet.');
  const certificate = {
    ...(settings['ca-certificate'] === '' ? {} : { ca: settings['ca-certificate'] }),
    ...(settings.insecure === true ? { rejectUnauthorized: false } : {}),
  };
  let found;
  try {
    found = await get(`/api/v1/namespaces/_/activations/${id}`, settings.apihost, certificate);
  } catch (error) {
    // The id of an error tells nothing of the key; its message may.
    console.error(`OpenWhisk cannot be reached: ${error.code ?? error.name}`);
    return refusal(502, 'openwhisk-failed', 'OpenWhisk cannot be reached from its own action.');
  }
  if (found.status === 404) return none();
  if (found.status !== 200) {
    console.error(`OpenWhisk answered ${found.status}`);
    return refusal(502, 'openwhisk-failed', `OpenWhisk answered with status ${found.status}.`);
  }
  const [, , packageName] = (process.env.__OW_ACTION_NAME ?? '').split('/');
  const activation = shown(JSON.parse(found.body), packageName);
  return activation === undefined ? none() : answer(200, activation);
}

exports.main = main;
