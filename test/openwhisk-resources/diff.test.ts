import { describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../infra/openwhisk/src/dynamic/unknown';
import { actions, apis, packages, rules, triggers } from '../../infra/openwhisk/src/providers';

const connection = { apihost: 'https://host', auth: 'uuid-1:key-1' };
const told = { namespace: 'guest', version: '0.0.1' };

const STATE = {
  packages: { connection, name: 'tools', parameters: { a: 1, b: { c: [1, 2] } }, ...told },
  actions: {
    connection,
    name: 'act',
    package: 'tools',
    kind: 'python:3.11',
    code: { sha256: 'd1', file: 'a.zip' },
    web: 'on',
    ...told,
  },
  apis: {
    connection,
    basePath: '/convert',
    path: '/pdf',
    verb: 'post',
    action: '/_/tools/act',
    url: 'https://host/x',
    ...told,
  },
  triggers: { connection, name: 'new-file', feed: '/guest/tools/feed', feedParameters: { n: 1 }, ...told },
  rules: { connection, name: 'rule', trigger: '/_/new-file', action: '/_/tools/act', ...told },
} as const;

const providers = { packages, actions, apis, triggers, rules };
type Kind = keyof typeof STATE;
const KINDS = Object.keys(STATE) as Kind[];

function diff(kind: Kind, change: object, stateChange: object = {}) {
  const { namespace: _n, version: _v, ...inputs } = STATE[kind];
  const [olds, news] = [
    { ...STATE[kind], ...stateChange },
    { ...inputs, ...change },
  ].map((bag) => JSON.parse(JSON.stringify({ ...bag, __provider: 'serialized' })));
  return providers[kind].diff('id', olds, news);
}

describe('no change, no diff', () => {
  it.each(KINDS)('%s: the same again', async (kind) => {
    expect(await diff(kind, {})).toMatchObject({ changes: false, replaces: [] });
  });

  it.each(KINDS)('%s: another serialized provider', async (kind) => {
    expect(await diff(kind, { __provider: 'another implementation' })).toMatchObject({ changes: false });
  });

  it.each<[Kind, string, object]>([
    ['packages', 'order of keys', { parameters: { b: { c: [1, 2] }, a: 1 } }],
    ['packages', 'defaults spelled out', { annotations: {}, publish: false }],
    ['packages', 'adopt', { adopt: true }],
    ['actions', 'the file, with the same digest', { code: { sha256: 'd1', file: 'b.zip' } }],
    ['actions', 'inline code with the same digest', { code: { sha256: 'd1', source: 'x' } }],
    [
      'actions',
      'defaults spelled out',
      { timeout: 60_000, memory: 256, logs: 10, concurrency: 1, publish: false, final: true },
    ],
    ['actions', 'annotations that OpenWhisk adds', { annotations: { 'provide-api-key': false } }],
    ['apis', 'spelling', { verb: 'POST', action: '/guest/tools/act', responseType: 'json' }],
    ['triggers', 'spelling of the feed', { feed: '/_/tools/feed' }],
    ['rules', 'spelling', { trigger: 'new-file', action: 'tools/act', status: 'active' }],
    [
      'rules',
      'connection spelled otherwise',
      { connection: { ...connection, apihost: 'HOST/', namespace: '_', insecure: false } },
    ],
  ])('%s: %s', async (kind, _what, change) => {
    expect(await diff(kind, change)).toMatchObject({ changes: false, replaces: [] });
  });
});

describe('another entity replaces, deleted first', () => {
  it.each<[Kind, string, unknown]>([
    ['packages', 'name', 'other'],
    ['packages', 'binding', { name: 'bound' }],
    ['actions', 'name', 'other'],
    ['actions', 'package', 'other'],
    ['actions', 'package', undefined],
    ['apis', 'basePath', '/other'],
    ['apis', 'path', '/other'],
    ['apis', 'verb', 'put'],
    ['triggers', 'name', 'other'],
    ['rules', 'name', 'other'],
    ['rules', 'trigger', 'other'],
  ])('%s: %s %j', async (kind, property, value) => {
    expect(await diff(kind, { [property]: value })).toEqual({
      changes: true,
      replaces: [property],
      deleteBeforeReplace: true,
    });
  });
});

describe('what belongs to a replaced entity is replaced with it (Pulumi asks with an unknown)', () => {
  it.each<[Kind, string, string[]]>([
    ['rules', 'trigger', ['trigger']],
    ['actions', 'package', ['package']],
    ['triggers', 'feed', ['feed']],
    ['rules', 'action', []],
    ['apis', 'action', []],
    ['actions', 'components', []],
    ['actions', 'code', []],
    ['packages', 'parameters', []],
  ])('%s: unknown %s', async (kind, property, replaces) => {
    expect(await diff(kind, { [property]: UNKNOWN })).toMatchObject({ changes: true, replaces });
  });
});

describe('everything else updates in place', () => {
  it.each<[Kind, object]>([
    ['packages', { parameters: { a: 2 } }],
    ['packages', { parameters: undefined }],
    ['packages', { parameters: { a: 1, b: { c: [2, 1] } } }],
    ['packages', { publish: true }],
    ['actions', { code: { sha256: 'd2', file: 'a.zip' } }],
    ['actions', { kind: 'python:3.12' }],
    ['actions', { kind: undefined, image: 'i' }],
    ['actions', { main: 'other' }],
    ['actions', { web: 'raw' }],
    ['actions', { web: undefined }],
    ['actions', { final: false }],
    ['actions', { webSecret: 's' }],
    ['actions', { memory: 512 }],
    ['actions', { annotations: { 'provide-api-key': true } }],
    ['apis', { action: 'other' }],
    ['apis', { action: '/other/tools/act' }],
    ['apis', { responseType: 'http' }],
    ['apis', { apiName: 'title' }],
    ['apis', { secureKey: 's' }],
    ['triggers', { feed: 'other' }],
    ['triggers', { feed: undefined, feedParameters: undefined }],
    ['triggers', { feedParameters: { n: 2 } }],
    ['rules', { action: 'other' }],
    ['rules', { status: 'inactive' }],
  ])('%s %j', async (kind, change) => {
    expect(await diff(kind, change)).toMatchObject({ changes: true, replaces: [] });
  });
});

describe('the connection', () => {
  const to = (change: object) => ({ connection: { ...connection, ...change } });

  describe.each(KINDS.filter((kind) => kind !== 'apis'))('of %s', (kind) => {
    it.each<[string, object]>([
      ['a new key of the same UUID', to({ auth: 'uuid-1:key-2' })],
      ['another key at the same host', to({ auth: 'uuid-2:key-2' })],
      ['another host for the same UUID', to({ apihost: 'https://moved' })],
      ['another host and key for the same UUID', to({ apihost: 'https://moved', auth: 'uuid-1:key-2' })],
      ['another certificate', to({ caCertificate: 'pem' })],
      ['unknown', { connection: UNKNOWN }],
      ['an unknown key', to({ auth: UNKNOWN, apihost: 'https://moved' })],
      ['an unknown host', to({ apihost: UNKNOWN, auth: 'uuid-2:key-2' })],
    ])('%s updates in place', async (_what, change) => {
      expect(await diff(kind, change)).toMatchObject({ changes: true, replaces: [] });
    });

    it.each<[string, object]>([
      ['another namespace', to({ namespace: 'other' })],
      ['another host and UUID', to({ apihost: 'https://other', auth: 'uuid-2:key-2' })],
    ])('%s replaces', async (_what, change) => {
      expect(await diff(kind, change)).toMatchObject({ changes: true, replaces: ['connection'] });
    });

    it('naming the namespace one is in changes the state only', async () => {
      expect(await diff(kind, to({ namespace: 'guest' }))).toMatchObject({ replaces: [] });
    });
  });

  it.each<[string, object, string[]]>([
    ['another UUID replaces: it is in the URL', to({ auth: 'uuid-2:key-1' }), ['connection']],
    ['a new key of the same UUID updates', to({ auth: 'uuid-1:key-2' }), []],
    ['another host updates', to({ apihost: 'https://moved' }), []],
    ['an unknown key updates', to({ auth: UNKNOWN }), []],
  ])('of apis: %s', async (_what, change, replaces) => {
    expect(await diff('apis', change)).toMatchObject({ changes: true, replaces });
  });
});

describe('old state', () => {
  it.each(KINDS)('of %s without a version was never confirmed: an update has to look', async (kind) => {
    expect(await diff(kind, {}, { version: undefined })).toMatchObject({ changes: true, replaces: [] });
  });

  it.each(KINDS)('of %s without namespace and connection is tolerated', async (kind) => {
    expect(await diff(kind, {}, { namespace: undefined, connection: undefined })).toMatchObject({ changes: true });
  });
});
