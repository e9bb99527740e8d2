import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UNKNOWN } from '../../infra/openwhisk/src/dynamic/unknown';
import { actions, apis, packages, rules, triggers } from '../../infra/openwhisk/src/providers';

const connection = { apihost: 'https://openwhisk.example.org:31001', auth: 'uuid-1:secret-key' };
const code = { source: 'function main() {}', sha256: 'd1' };

const GOOD = {
  packages: { connection, name: 'tools' },
  actions: { connection, name: 'act', kind: 'nodejs:default', code },
  apis: { connection, basePath: '/convert', path: '/pdf', verb: 'POST', action: 'pkg/act', responseType: 'http' },
  triggers: { connection, name: 'new-file' },
  rules: { connection, name: 'rule', trigger: '/_/new-file', action: '/guest/pkg/act' },
} as const;

const providers = { packages, actions, apis, triggers, rules };
type Kind = keyof typeof GOOD;

/** Name and reason of each bad property; the inputs are what a program without types could pass. */
async function faults(kind: Kind, change: object): Promise<Record<string, string>> {
  const inputs = JSON.parse(JSON.stringify({ ...GOOD[kind], ...change, __provider: 'serialized' }));
  const { failures = [] } = await providers[kind].check(inputs, inputs);
  return Object.fromEntries(
    failures.map(({ property, reason }) => {
      expect(property).toBe(''); // Pulumi would print the value of a property
      return reason.split(/: (.*)/s, 2) as [string, string];
    }),
  );
}

describe('good inputs pass', () => {
  it.each<[Kind, object]>([
    ['packages', {}],
    ['packages', { parameters: { a: null, b: [1] }, annotations: {}, publish: true, adopt: true }],
    ['packages', { binding: { namespace: 'whisk.system', name: 'alarms' } }],
    ['packages', { name: 'Name with blanks @ . & -end' }],
    [
      'actions',
      { code: { file: 'package.json', sha256: 'x' }, main: 'f', web: 'raw', webSecret: 's3cret', final: false },
    ],
    ['actions', { webSecret: true, web: 'on', timeout: 100, memory: 128, logs: 0, concurrency: 5 }],
    ['actions', { kind: undefined, image: 'europe-docker.pkg.dev/project/repo/image:1.0', code: undefined }],
    ['actions', { kind: undefined, code: undefined, components: ['a', 'p/b', '/ns/c', '/ns/p/d'] }],
    ['actions', { annotations: { 'provide-api-key': true } }],
    ['apis', { basePath: '/', path: '/book/{isbn}/page/{n}', verb: 'get', apiName: 'Books' }],
    ['triggers', { feed: '/whisk.system/alarms/alarm', feedParameters: { cron: '* * * * *' } }],
    ['rules', { status: 'inactive', trigger: 'new-file', action: 'act' }],
    [
      'rules',
      { connection: { ...connection, apihost: '127.0.0.1:3233', namespace: 'me@example.org', insecure: true } },
    ],
  ])('%s %j', async (kind, change) => {
    expect(await faults(kind, change)).toEqual({});
  });
});

describe('bad inputs are named', () => {
  it.each<[Kind, object, Record<string, RegExp>]>([
    ['packages', { name: undefined }, { name: /is missing/ }],
    ['packages', { name: 'default' }, { name: /reserved/ }],
    ['packages', { name: '-leading' }, { name: /must begin with/ }],
    ['packages', { name: 'trailing ' }, { name: /must begin with/ }],
    ['packages', { name: 'bäd' }, { name: /must begin with/ }],
    ['packages', { name: 'n'.repeat(257) }, { name: /256 characters/ }],
    ['packages', { parameters: ['a'] }, { parameters: /expected record/ }],
    ['packages', { parameters: { a: 'x'.repeat(1024 * 1024) } }, { parameters: /1 MiB/ }],
    ['packages', { annotations: { binding: {} } }, { 'annotations.binding': /use the input binding/ }],
    ['packages', { binding: { name: 'a/b' } }, { 'binding.name': /must begin with/ }],
    ['packages', { color: 'blue' }, { color: /not a known property/ }],
    ['packages', { publish: 'yes' }, { publish: /expected boolean/ }],
    ['actions', { kind: 'python' }, { kind: /must be like python:3\.11/ }],
    ['actions', { kind: undefined }, { kind: /is missing: give kind, image, or components/ }],
    ['actions', { code: undefined }, { codeFile: /is missing: give codeFile or code/ }],
    ['actions', { image: 'some/image' }, { image: /excludes kind/ }],
    ['actions', { kind: undefined, image: 'UPPER case' }, { image: /name of a container image/ }],
    ['actions', { code: { ...code, file: 'package.json' } }, { code: /excludes codeFile/ }],
    [
      'actions',
      { code: { file: 'no/such.zip' } },
      { codeFile: /no\/such\.zip cannot be read \(there is none\); build it first/ },
    ],
    ['actions', { code: { file: 'infra' } }, { codeFile: /is not a file/ }],
    [
      'actions',
      { components: ['a'], main: 'f', parameters: {} },
      { code: /sequence/, kind: /sequence/, main: /sequence/, parameters: /sequence/ },
    ],
    ['actions', { kind: undefined, code: undefined, components: [] }, { components: /at least one/ }],
    ['actions', { kind: undefined, code: undefined, components: ['a/b/c'] }, { 'components.0': /must be name/ }],
    ['actions', { web: 'yes' }, { web: /expected one of "off"\|"on"\|"raw"/ }],
    ['actions', { webSecret: 'x' }, { webSecret: /needs web/ }],
    ['actions', { web: 'on', webSecret: false }, { webSecret: /text, or true/ }],
    [
      'actions',
      { annotations: { 'web-export': true, final: true } },
      { 'annotations.web-export': /input web/, 'annotations.final': /input final/ },
    ],
    [
      'actions',
      { timeout: 1.5, memory: 0, logs: -1, concurrency: 'many' },
      { timeout: /whole number/, memory: /1 or more/, logs: /0 or more/, concurrency: /whole number/ },
    ],
    ['apis', { basePath: 'convert' }, { basePath: /must begin with \// }],
    ['apis', { basePath: '/a/{b}' }, { basePath: /may not contain \{/ }],
    ['apis', { basePath: '/a/' }, { basePath: /may not end with/ }],
    ['apis', { path: '/a b' }, { path: /blanks/ }],
    ['apis', { path: '/{open' }, { path: /belongs to no/ }],
    ['apis', { path: '/{id}', responseType: 'json' }, { responseType: /must be 'http'/ }],
    ['apis', { verb: 'fetch' }, { verb: /must be one of get, put/ }],
    ['apis', { responseType: 'xml' }, { responseType: /expected one of/ }],
    ['triggers', { feedParameters: {} }, { feedParameters: /needs feed/ }],
    ['triggers', { feed: 'f', feedParameters: { authKey: 'x' } }, { 'feedParameters.authKey': /automatically/ }],
    ['triggers', { annotations: { feed: 'f' } }, { 'annotations.feed': /use the input feed/ }],
    ['rules', { trigger: 'pkg/trigger' }, { trigger: /must be name or/ }],
    ['rules', { status: 'off' }, { status: /expected one of/ }],
    ['rules', { connection: undefined }, { connection: /is missing/ }],
    [
      'rules',
      { connection: { apiHost: 'x' } },
      {
        'connection.apihost': /is missing/,
        'connection.auth': /is missing/,
        'connection.apiHost': /not a known property/,
      },
    ],
    [
      'rules',
      { connection: { ...connection, apihost: 'https://user@host/path' } },
      { 'connection.apihost': /must be a host/ },
    ],
    ['rules', { connection: { ...connection, caCertificate: 'x' } }, { 'connection.caCertificate': /PEM/ }],
  ])('%s %j', async (kind, change, expected) => {
    const found = await faults(kind, change);
    expect(Object.keys(found).sort()).toEqual(Object.keys(expected).sort());
    for (const [property, reason] of Object.entries(expected)) expect(found[property]).toMatch(reason);
  });

  it('all of them in one go', async () => {
    const bad = {
      name: '!',
      kind: '?',
      code: { file: 'no/such.zip' },
      web: 'yes',
      timeout: 'long',
      color: 1,
      annotations: { final: 1 },
    };
    expect(Object.keys(await faults('actions', { ...bad, connection: { apihost: 5 } })).sort()).toEqual(
      [
        'annotations.final',
        'codeFile',
        'color',
        'connection.apihost',
        'connection.auth',
        'kind',
        'name',
        'timeout',
        'web',
      ].sort(),
    );
  });

  it('without showing a value that may be secret', async () => {
    const auth = 'no-colon-but-secret';
    const found = await faults('actions', {
      connection: { apihost: 'h', auth },
      webSecret: { 'secret-shape': 1 },
      web: 'on',
    });
    expect(found).toHaveProperty(['connection.auth']);
    expect(JSON.stringify(found)).not.toMatch(/no-colon-but-secret|secret-shape/);
  });
});

describe('what is not known yet', () => {
  it.each<[Kind]>([['packages'], ['actions'], ['apis'], ['triggers'], ['rules']])(
    'is taken to be good in %s',
    async (kind) => {
      const unknown = Object.fromEntries(Object.keys(GOOD[kind]).map((key) => [key, UNKNOWN]));
      expect(await faults(kind, unknown)).toEqual({});
    },
  );

  it.each<[Kind, object]>([
    ['packages', { connection: { apihost: UNKNOWN, auth: UNKNOWN }, parameters: { a: UNKNOWN }, binding: UNKNOWN }],
    ['actions', { parameters: UNKNOWN, web: UNKNOWN, webSecret: UNKNOWN, timeout: UNKNOWN, code: { file: UNKNOWN } }],
    ['actions', { kind: undefined, code: undefined, components: ['a', UNKNOWN] }],
    ['apis', { path: '/{id}', responseType: UNKNOWN }],
  ])('inside %s %j too', async (kind, change) => {
    expect(await faults(kind, change)).toEqual({});
  });

  it('does not hide what is known to be bad', async () => {
    expect(await faults('actions', { parameters: UNKNOWN, name: '!' })).toHaveProperty('name');
  });
});

describe('a zip above the limit', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'check-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    [36 * 1024 * 1024, undefined],
    [36 * 1024 * 1024 + 1, /48\.0 MB as base64; OpenWhisk accepts 48 MB, which is 36 MB of zip/],
  ])('of %i bytes', async (size, expected) => {
    const file = path.join(folder, `${size}.zip`);
    await writeFile(file, '');
    await truncate(file, size); // sparse: takes no room
    const { codeFile } = await faults('actions', { code: { file, sha256: 'x' } });
    if (expected === undefined) expect(codeFile).toBeUndefined();
    else expect(codeFile).toMatch(expected);
  });
});
