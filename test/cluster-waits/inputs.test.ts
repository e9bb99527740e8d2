import { describe, expect, it } from 'vitest';
import { installedKeys, openwhiskReady, releaseWatch, volumesGone } from '../../infra/cluster-waits/src/providers';

const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
const cluster = { kubeconfig: 'kind: Config', namespace: 'openwhisk', timeout: 20, __provider: 'x' };
const ready = { ...cluster, release: 'openwhisk', apihost: 'https://h:31001', auth: 'uuid:key', caCertificate: 'PEM' };

/** The names that a check complains of; never with the property, whose value Pulumi would print. */
const named = ({ failures = [] }: { failures?: { property: string; reason: string }[] }) => {
  expect(failures.map(({ property }) => property).join('')).toBe('');
  return failures.map(({ reason }) => reason.split(':')[0]);
};

describe('a check of inputs', () => {
  it.each<[object, string[]]>([
    [{}, []],
    [{ kubeconfig: UNKNOWN, timeout: UNKNOWN, values: UNKNOWN }, []],
    [{ kubeconfig: '', namespace: 'A b', timeout: 0 }, ['kubeconfig', 'namespace', 'timeout']],
    [{ release: 'a.b', values: undefined }, ['release', 'values']],
  ])('of a release watch names %j', async (change, names) => {
    const news = { ...cluster, release: 'openwhisk', values: 'digest', ...change };
    expect(named(await releaseWatch.check({}, news))).toEqual(names);
  });

  it.each<[object, string[]]>([
    [{}, []],
    [{ expectedAddress: '192.0.2.1', apihost: UNKNOWN, auth: UNKNOWN }, []],
    [{ apihost: 'http://h', auth: 'uuid', caCertificate: '' }, ['apihost', 'auth', 'caCertificate']],
    [{ apihost: 'https://h/path', expectedAddress: '' }, ['apihost', 'expectedAddress']],
  ])('of an OpenWhisk names %j', async (change, names) => {
    expect(named(await openwhiskReady.check({}, { ...ready, ...change }))).toEqual(names);
  });

  it('of volumes names a time that is none', async () => {
    expect(named(await volumesGone.check({}, { ...cluster, timeout: Number.NaN }))).toEqual(['timeout']);
  });
});

describe('the keys that were installed', () => {
  const digest = (letter: string) => letter.repeat(64);
  const keys = { system: digest('a'), guest: digest('b'), couchdb: digest('c') };

  it('may stay as they are, and may be unknown in a preview', async () => {
    expect(named(await installedKeys.check({}, keys))).toEqual([]);
    expect(named(await installedKeys.check(keys, keys))).toEqual([]);
    expect(named(await installedKeys.check(keys, { ...keys, guest: UNKNOWN }))).toEqual([]);
    expect(named(await installedKeys.check({ ...keys, guest: UNKNOWN }, keys))).toEqual([]);
  });

  it.each([
    ['system', 'key of whisk.system'],
    ['guest', 'key of guest'],
    ['couchdb', 'password of CouchDB'],
  ])('may not change: %s', async (name, words) => {
    const { failures = [] } = await installedKeys.check(keys, { ...keys, [name]: digest('d') });
    expect(failures).toEqual([{ property: '', reason: expect.stringMatching(`^the ${words} is not the one that`) }]);
    expect(failures[0]?.reason).toMatch(/pulumi stack export --version N \| pulumi stack import.*pulumi destroy/);
    expect(failures[0]?.reason).not.toContain(digest('d'));
  });

  it('are kept as digests', async () => {
    expect((await installedKeys.create(keys)).outs).toEqual(keys);
    expect((await installedKeys.update('id', {}, keys)).outs).toEqual(keys);
  });
});
