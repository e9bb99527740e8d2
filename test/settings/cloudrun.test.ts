/** The same on Cloud Run: no request and no event sets what the settings of the service say, nor what they leave out. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { newServiceAccount } from '../actions/keys';
import { PHOTO } from '../actions/python-action';
import { StorageStandIn } from '../actions/storage-stand-in';
import { EVENT, startService, type TestService } from '../cloudrun/service';
import { attempts, type Door, type Sent, send, valuesFor } from './attempts';
import { effective, outcomeOf } from './effective';
import { Listener } from './listener';
import { namesInActions } from './names';

const CALL = { bucket: 'demo-in', name: 'photo.jpg' };
/** Of the page. */
const UPLOAD = { name: 'photo.jpg', contentType: 'image/jpeg', size: 1000 };
/** `__ow_*` are the platform's, and `settings` is bound: a request that has one of them is refused. */
const REFUSED = ['settings', '__ow_body', '__ow_method'];
const NAMES = namesInActions().filter((name) => !(name in CALL));

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-settings-test-'));
let listener: Listener;
let storage: StorageStandIn;
beforeAll(async () => {
  [listener, storage] = await Promise.all([Listener.start(), StorageStandIn.start()]);
  storage.buckets.set('demo-in', new Map()).set('demo-out', new Map());
  storage.put('demo-in', 'photo.jpg', PHOTO);
});
afterAll(async () => {
  listener.stop();
  storage.stop();
  await rm(folder, { recursive: true });
});

const SERVICES: Readonly<Record<string, () => Record<string, string>>> = {
  'a service with an emulator': () => {
    const key = JSON.stringify(newServiceAccount(`${storage.url}/token`).key);
    const buckets = { OUT_BUCKET: 'demo-out', IN_BUCKET: 'demo-in' };
    return { ...buckets, GCS_ENDPOINT: storage.url, GCS_KEY: key, UPLOAD_KEY: key };
  },
  // As on Google Cloud: an identity of its own, from a metadata server that is not there.
  'a service with real storage': () => ({
    ...{ IN_BUCKET: 'demo-in', UPLOAD_KEY: JSON.stringify(newServiceAccount().key) },
    ...{ OUT_BUCKET: 'demo-out', GCE_METADATA_HOST: '127.0.0.1:1', GCE_METADATA_IP: '127.0.0.1:1' },
    ...{ GCE_METADATA_TIMEOUT: '1', GCE_METADATA_DETECT_RETRIES: '1' },
  }),
};

/** Events with the names beside the object, beside its data, and among its attributes. */
function events(url: string, names: readonly string[], value: JsonObject[string]): Record<string, Sent> {
  const set = Object.fromEntries(names.map((name) => [name, value]));
  const data = { ...set, ...CALL, generation: '1' };
  const post = { method: 'POST', url: `${url}/events` };
  const attributes = Object.entries(EVENT).flatMap(([name, text]) =>
    name.startsWith('ce-') ? [[name.slice('ce-'.length), text]] : [],
  );
  const structured = { ...set, ...Object.fromEntries(attributes), data };
  const extensions = names.filter((name) => /^[a-z0-9]{1,20}$/.test(name)).map((name) => [`ce-${name}`, String(value)]);
  return {
    'the data of an event': { ...post, headers: EVENT, body: JSON.stringify(data) },
    'a whole event': {
      ...post,
      headers: { 'content-type': 'application/cloudevents+json' },
      body: JSON.stringify(structured),
    },
    ...(!/[\r\n]/.test(String(value)) && {
      'attributes of an event': {
        ...post,
        headers: { ...Object.fromEntries(extensions), ...EVENT },
        body: JSON.stringify(data),
      },
    }),
  };
}

describe.each(Object.entries(SERVICES))('on Cloud Run, %s', (_, environment) => {
  let service: TestService;
  beforeAll(async () => {
    service = await startService(folder, environment());
  });
  afterAll(() => service.stop());

  const doors = (): Door[] => [
    ...['POST', 'PUT'].map((method) => ({ method, url: `${service.url}/convert/pdf`, given: CALL })),
    { method: 'POST', url: `${service.url}/convert/upload`, given: UPLOAD },
  ];

  test('lets nobody set whatever its code may read', { timeout: 300_000 }, async () => {
    const led: string[] = [];
    const open = NAMES.filter((name) => !REFUSED.includes(name));
    const known = new Set<string>();
    for (const [what, value] of Object.entries(valuesFor(listener))) {
      const requests = Object.entries(events(service.url, NAMES, value));
      for (const door of doors()) {
        const call = (names: readonly string[]) => send(attempts(door, names, value).json);
        const alone = await effective(open, outcomeOf(await call([])), call, known);
        for (const name of alone) known.add(name);
        const together = open.filter((name) => !alone.includes(name));
        for (const names of [together, ...alone.map((name) => [name])])
          requests.push(...Object.entries(attempts(door, names, value)));
      }
      for (const [way, sent] of requests) {
        const { text } = await send(sent);
        // A refusal may repeat a wish of the caller.
        const shows = !text.includes("The parameter '") && listener.places.some((place) => text.includes(place));
        if (shows || listener.heard.length > 0)
          led.push(`${what} by ${way} of ${sent.method}: ${shows ? 'shows it' : ''} ${listener.heard.splice(0)}`);
      }
    }
    expect(led).toEqual([]);
  });

  test.each(REFUSED)('refuses a request that has %s', async (name) => {
    const led: string[] = [];
    // v1 has no settings: there it is a parameter like any other, and of no effect.
    const bound = doors().filter(({ method }) => method === 'PUT' || name !== 'settings');
    for (const [what, value] of Object.entries(valuesFor(listener))) {
      for (const [way, sent] of bound.flatMap((door) => Object.entries(attempts(door, [name], value)))) {
        if (!/^(json|form|query)$/.test(way)) continue;
        const { status } = await send(sent);
        if (status !== 400) led.push(`${what} by ${way}: ${status}`);
      }
    }
    expect(led).toEqual([]);
    expect(listener.heard).toEqual([]);
  });
});

test('hears of it where the deployer names the listener: it would have heard', async () => {
  const service = await startService(folder, { OUT_BUCKET: 'demo-out', GCS_ENDPOINT: listener.url });
  try {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await send({ method: 'PUT', url: `${service.url}/convert/pdf`, headers, body: 'bucket=demo-in&name=photo.jpg' });
    expect(listener.heard.splice(0).join('\n')).toContain('GET /storage/v1/b/demo-in/o/photo.jpg');
  } finally {
    await service.stop();
  }
});
