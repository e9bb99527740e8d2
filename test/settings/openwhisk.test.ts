/**
 * Every action of a stack, every name in the code of the actions, every way that a caller has: nothing that the deployer may set
 * is taken from any of them. A listener plays whoever would like to be asked.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { newServiceAccount } from '../actions/keys';
import { PHOTO } from '../actions/python-action';
import { StorageStandIn } from '../actions/storage-stand-in';
import { identity } from '../openwhisk/identity';
import { until } from '../openwhisk/laboratory';
import { attempts, type Came, type Door, send, valuesFor } from './attempts';
import { type DeployedAction, DeployedProgram, recordStack } from './deployed-program';
import { effective, outcomeOf } from './effective';
import { Listener } from './listener';
import { namesInActions } from './names';

const FOLDER = mkdtempSync(path.join(tmpdir(), 'pdfmagic-settings-test-'));
const KUBECONFIG = path.join(FOLDER, 'kubeconfig');
/** `__ow_*`, which OpenWhisk keeps for itself. */
const RESERVED = ['method', 'headers', 'path', 'user', 'query', 'body'].map((name) => `__ow_${name}`);
const NAMES = [...new Set([...namesInActions(), ...RESERVED])];
const PATIENCE = 300_000;
const ALL = /./;
/** By which fields are parameters; the others are text and bytes, a path, a header. */
const FIELDS = /^(json|form|query)$/;

/** A call that is in order, so that the action gets far. */
const CALLS: Readonly<Record<string, JsonObject>> = {
  v0: { image: PHOTO.toString('base64') },
  v1: {},
  v2: { bucket: 'demo-in', name: 'photo.jpg' },
  upload: { name: 'photo.jpg', contentType: 'image/jpeg', size: 5000 },
  result: { bucket: 'demo-in', name: 'page/00000000-0000-4000-8000-000000000000/photo.jpg' },
  page: {},
  activation: { id: '0'.repeat(32) },
  'print-arguments': {},
  'new-file-feed': { lifecycleEvent: 'READ', triggerName: '/guest/new-file', authKey: 'user:key' },
};

function callOf(name: string): JsonObject {
  const call = CALLS[name];
  if (call === undefined) throw new Error(`say in CALLS what a call of the action ${name} has to have`);
  return call;
}

const setTo = (names: readonly string[], value: JsonObject[string]): JsonObject =>
  Object.fromEntries(names.map((name) => [name, value]));

let listener: Listener;
let storage: StorageStandIn;
beforeAll(async () => {
  [listener, storage] = await Promise.all([Listener.start(), StorageStandIn.start()]);
  storage.buckets.set('demo-in', new Map()).set('demo-out', new Map());
  storage.put('demo-in', 'photo.jpg', PHOTO);
  writeFileSync(
    KUBECONFIG,
    'apiVersion: v1\nkind: Config\nclusters: [{name: lab, cluster: {server: "https://192.0.2.9:6443"}}]\n' +
      'users: [{name: ada, user: {token: x}}]\ncontexts: [{name: lab, context: {cluster: lab, user: ada}}]\n' +
      'current-context: lab\n',
  );
});
afterAll(() => {
  listener.stop();
  storage.stop();
  rmSync(FOLDER, { recursive: true });
});

const existing = (more: Readonly<Record<string, string>>) => ({
  ...{
    student: 'ada',
    target: 'existing',
    apihost: 'https://ow.example.org',
    auth: `${identity.uuid}:${identity.key}`,
  },
  ...{ image: 'example/action-python-v3.11:imagemagick-pdf', python: 'python3' },
  ...{ inBucket: 'demo-in', outBucket: 'demo-out' },
  ...more,
});
/** One for all, since a key takes a good part of a second to make. */
const ACCOUNT = newServiceAccount().key;
/** With storage that is real, a key that opens nothing: no test asks Google. */
const LOCKED_KEY = JSON.stringify({ ...ACCOUNT, private_key: 'none' });

const STACKS: Readonly<Record<string, () => Record<string, string>>> = {
  'a stack with an emulator of its own': () => {
    const key = JSON.stringify({ ...ACCOUNT, token_uri: `${storage.url}/token` });
    return existing({ serviceAccountKey: key, uploadKey: key, storageEndpoint: storage.url });
  },
  'a stack with real storage and events': () => {
    const events = { project: 'ada-lab-123456', kubeconfig: KUBECONFIG, feedImage: 'ada/feed:1' };
    return existing({ serviceAccountKey: LOCKED_KEY, uploadKey: JSON.stringify(ACCOUNT), ...events });
  },
};

describe.each(Object.entries(STACKS))('on OpenWhisk, %s', (_, config) => {
  let stack: DeployedProgram;
  beforeAll(async () => {
    stack = await DeployedProgram.start(listener.secureUrl);
    await stack.deploy(await recordStack(config()));
  }, PATIENCE);
  afterAll(() => stack.stop());

  /** Where an action is asked without a key: by the gateway, and beside it. */
  const doorsOf = ({ name, operations, secret }: DeployedAction): Door[] => {
    const given = callOf(name);
    const headers: Record<string, string> = secret === undefined ? {} : { 'x-require-whisk-auth': secret };
    const beside = { method: 'POST', url: `${stack.url}/api/v1/web/guest/pdfmagic/${name}`, headers, given };
    return [...operations.map((operation) => ({ ...operation, given })), beside];
  };

  /** What came of setting these names to this value by the key of the namespace. */
  const invoked = ({ name }: DeployedAction, names: readonly string[], value: JsonObject[string]): Promise<Came> =>
    stack.rest('POST', `actions/pdfmagic/${name}?blocking=true`, { ...callOf(name), ...setTo(names, value) });

  /** All that came back where these names were set, by how that was tried. */
  async function* tried(action: DeployedAction, names: readonly string[], value: JsonObject[string], ways: RegExp) {
    for (const door of action.web ? doorsOf(action) : []) {
      for (const [way, sent] of Object.entries(attempts(door, names, value)))
        if (ways.test(way)) yield { how: `by ${way} of ${door.method} ${door.url}`, ...(await send(sent)) };
    }
    if (ways.test('key')) yield { how: 'by the key', ...(await invoked(action, names, value)) };
    if (ways.test('trigger') && action.isFired)
      yield { how: 'by a trigger', ...(await fired(action, { ...callOf(action.name), ...setTo(names, value) })) };
  }

  /** What a trigger with this payload leads to at the action: the record of its activation, or why there is none. */
  async function fired({ name }: DeployedAction, payload: JsonObject): Promise<Came> {
    const { text } = await stack.rest('POST', 'triggers/new-file', payload);
    const id = /"activationId":"(\w+)"/.exec(text)?.[1] ?? '';
    const trigger = await until(async () => {
      const found = await stack.rest('GET', `activations/${id}`);
      return found.status === 200 ? found : undefined;
    });
    const { logs } = JSON.parse(trigger.text.slice(trigger.text.indexOf('\n'))) as { logs: string[] };
    const line = logs.map((each) => JSON.parse(each)).find((each) => each.action.endsWith(`/${name}`));
    if (line.activationId === undefined) return { status: 400, text: line.error };
    return until(async () => {
      const found = await stack.rest('GET', `activations/${line.activationId}`);
      return found.status === 200 ? found : undefined;
    });
  }

  const final = ({ name, parameters }: DeployedAction) =>
    [...Object.keys(parameters), ...RESERVED].filter((parameter) => !(parameter in callOf(name)));
  const open = (action: DeployedAction) =>
    NAMES.filter((name) => !(name in callOf(action.name)) && !final(action).includes(name));

  test('has the actions that it is about', () => {
    const names = stack.actions.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['v0', 'v1', 'v2', 'upload', 'result', 'page', 'activation']));
  });

  test('lets nobody set, of any action, whatever its code may read', { timeout: PATIENCE }, async () => {
    const led: string[] = [];
    for (const action of stack.actions) {
      const usual = outcomeOf(await invoked(action, [], ''));
      const known = new Set<string>();
      for (const [what, value] of Object.entries(valuesFor(listener))) {
        const alone = await effective(open(action), usual, (names) => invoked(action, names, value), known);
        for (const name of alone) known.add(name);
        const together = open(action).filter((name) => !alone.includes(name));
        for (const names of [together, ...alone.map((name) => [name])]) {
          for await (const { how, text } of tried(action, names, value, ALL)) {
            // What an action shows of its arguments is no answer of its own, nor is a refusal that repeats a wish of the caller.
            const repeats = action.name === 'print-arguments' || text.includes("The parameter '");
            const shows = !repeats && listener.places.some((place) => text.includes(place));
            const heard = listener.heard.splice(0);
            if (!shows && heard.length === 0) continue;
            led.push(
              `${action.name}: ${names.length > 1 ? 'all' : names} to ${what} ${how}: ${shows ? 'shown' : heard}`,
            );
          }
        }
      }
    }
    expect(led).toEqual([]);
  });

  test('refuses whoever tries a parameter that is bound', { timeout: PATIENCE }, async () => {
    const led: string[] = [];
    for (const action of stack.actions) {
      for (const parameter of final(action)) {
        // Its own names OpenWhisk keeps from web requests alone.
        const ways = RESERVED.includes(parameter) ? FIELDS : /^(json|form|query|key|trigger)$/;
        for (const [what, value] of Object.entries(valuesFor(listener))) {
          for await (const { how, status } of tried(action, [parameter], value, ways))
            if (status !== 400) led.push(`${action.name}: ${parameter} to ${what} ${how}: ${status}`);
        }
      }
    }
    expect(led).toEqual([]);
    expect(listener.heard).toEqual([]);
  });

  test('hears of it where the deployer names the listener: it would have heard', async () => {
    const settings = { 'out-bucket': 'demo-out', 'gcs-key': ACCOUNT, 'gcs-endpoint': listener.url };
    await stack.setParameters('v2', { settings });
    await stack.rest('POST', 'actions/pdfmagic/v2?blocking=true', callOf('v2'));
    expect(listener.heard.splice(0).join('\n')).toContain('GET /storage/v1/b/demo-in/o/photo.jpg');
  });
});
