import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PLATFORM_FILE, readPlatformFile, readWskprops, WSKPROPS_FILE } from '../../infra/targets/local/platform-file';
import { clientsOf, refuseHost } from '../../platform/composition/addresses';
import { loadIdentity } from '../../platform/composition/keys';
import { choosePorts, rememberPorts } from '../../platform/composition/ports';
import { findRunning } from '../../platform/composition/running';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-platform-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const APIHOST = 'http://127.0.0.1:1';
const load = (isNew: boolean) => loadIdentity(folder, APIHOST, isNew);

describe('the key of the platform', () => {
  test('is made at first start, readable by its owner alone, in both files', () => {
    const { uuid, key } = load(true);
    expect(readWskprops(folder)?.get('AUTH')).toBe(`${uuid}:${key}`);
    expect(key).toMatch(/^[0-9A-Za-z]{64}$/);
    for (const file of ['key', WSKPROPS_FILE]) expect(statSync(path.join(folder, file)).mode & 0o777).toBe(0o600);
  });

  test('stays the same, also when .wskprops was deleted, changed or opened to others', () => {
    const first = load(true);
    rmSync(path.join(folder, WSKPROPS_FILE));
    expect(load(false)).toEqual(first);
    writeFileSync(path.join(folder, WSKPROPS_FILE), 'nonsense');
    chmodSync(path.join(folder, WSKPROPS_FILE), 0o644);
    expect(load(false)).toEqual(first);
    expect(readWskprops(folder)?.get('AUTH')).toBe(`${first.uuid}:${first.key}`);
    expect(statSync(path.join(folder, WSKPROPS_FILE)).mode & 0o777).toBe(0o600);
  });

  test('is never replaced by a new one where things were deployed by it', () => {
    load(true);
    rmSync(path.join(folder, 'key'));
    expect(() => load(false)).toThrow(/is missing.*Put it back/);
    expect(existsSync(path.join(folder, 'key'))).toBe(false);
  });

  test('is refused when it is none', () => {
    writeFileSync(path.join(folder, 'key'), 'short');
    expect(() => load(false)).toThrow(/does not hold a key/);
  });
});

describe('the ports of a platform', () => {
  const none = { port: undefined, storagePort: undefined };

  test('are the usual ones, and with another port for OpenWhisk the next one for the storage', () => {
    expect(choosePorts(folder, none)).toEqual({ port: 3233, storagePort: 4443 });
    expect(choosePorts(folder, { ...none, port: 3300 })).toEqual({ port: 3300, storagePort: 3301 });
    expect(choosePorts(folder, { port: 3300, storagePort: 9000 })).toEqual({ port: 3300, storagePort: 9000 });
    expect(() => choosePorts(folder, { port: 9000, storagePort: 9000 })).toThrow(/must differ/);
  });

  test('stay those of the last start unless others are asked for', () => {
    rememberPorts(folder, { port: 3300, storagePort: 9000 });
    expect(choosePorts(folder, none)).toEqual({ port: 3300, storagePort: 9000 });
    expect(choosePorts(folder, { ...none, port: 3233 })).toEqual({ port: 3233, storagePort: 4443 });
  });
});

describe('the address of a platform', () => {
  test('is one that others can use, and with Docker not the loopback', () => {
    for (const host of ['0.0.0.0', '::', '']) {
      expect(() => refuseHost({ host, docker: undefined })).toThrow(/not an address that others can reach/);
    }
    expect(() => refuseHost({ host: '127.0.0.1', docker: {} })).toThrow(/containers cannot reach --host 127\.0\.0\.1/);
    for (const host of [undefined, '192.0.2.1']) expect(() => refuseHost({ host, docker: {} })).not.toThrow();
    expect(() => refuseHost({ host: '127.0.0.1', docker: undefined })).not.toThrow();
  });

  test('on the bridge of a Docker engine is for its containers and for this machine', () => {
    const may = clientsOf({ image: 'i', python: '3.11', gateway: '203.0.113.1', subnet: '203.0.113.0/24' });
    for (const address of ['203.0.113.1', '203.0.113.77', '127.0.0.1'])
      expect({ address, may: may(address) }).toEqual({ address, may: true });
    for (const address of ['203.0.112.1', '198.51.100.1', ''])
      expect({ address, may: may(address) }).toEqual({ address, may: false });
  });
});

describe('the file of a platform', () => {
  const file = (text: string) => writeFileSync(path.join(folder, PLATFORM_FILE), text);
  const whole = JSON.stringify({
    apihost: APIHOST,
    namespace: 'guest',
    pid: process.pid,
    storageEndpoint: APIHOST,
    tokenUri: APIHOST,
    feedUrl: APIHOST,
    image: 'i',
    python: 'p',
  });

  test('is none when it was cut short', () => {
    file(whole.slice(0, 40));
    expect(readPlatformFile(folder)).toBeUndefined();
    file(whole);
    expect(readPlatformFile(folder)?.image).toBe('i');
  });

  test('that a killed platform left is not taken for one that runs', async () => {
    file(whole);
    load(true);
    expect(await findRunning(folder)).toBeUndefined();
    expect(readFileSync(path.join(folder, PLATFORM_FILE), 'utf8')).toBe(whole);
  });
});
