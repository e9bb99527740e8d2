/** The line that readies a shell: what it does to that shell, and to whatever runs there. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quoteWord, shellSetup } from '../../contract/shell-setup';
import { selfSigned } from '../cluster-waits/self-signed';
import { onPath, unless } from '../e2e/on-path';

const AUTH = '23bc46b1-71f6-4ed5-8c54-816aa4f8c502:123zO3xZCLrMN6v2BKK1dXYFpXlPkccOFqm12CdAsMgRU4VrNZ9lyGVCGuMDGIwP';
const folder = mkdtempSync(path.join(tmpdir(), "it's a shell-"));
const servers: https.Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Requests that came with the key, as `METHOD path`, and the bodies of those that had one. */
const seen: string[] = [];
const bodies: string[] = [];

const ANSWERS: readonly (readonly [string, unknown])[] = [
  ['/packages', [{ name: 'pdfmagic', namespace: '_' }]],
  ['/actions/hello', { name: 'hello', namespace: '_', annotations: [{ key: 'web-export', value: true }] }],
];

/** An OpenWhisk with a certificate of its own CA, and another host with another. */
async function serve(caFile: string): Promise<string> {
  const { cert, key } = selfSigned('127.0.0.1');
  writeFileSync(path.join(folder, caFile), cert);
  const server = https.createServer({ cert, key }, (request, response) => {
    const right = request.headers.authorization === `Basic ${Buffer.from(AUTH).toString('base64')}`;
    if (right) seen.push(`${request.method} ${request.headers.host} ${request.url}`);
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      if (body !== '') bodies.push(body);
      response.setHeader('content-type', 'application/json');
      const answer = ANSWERS.find(([part]) => request.url?.includes(part))?.[1] ?? {};
      response.end(JSON.stringify(answer));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let apihost: string;
let elsewhere: string;
beforeAll(async () => {
  apihost = await serve('ca.pem');
  elsewhere = await serve('other.pem');
  program('linux', 'gcloud', 'env | sort');
  program('mac', 'gcloud', 'env | sort');
  program('mac', 'uname', 'echo Darwin');
  // BSD's knows no long options.
  program('mac', 'mktemp', 'case "$1" in --*) exit 1;; esac; PATH=/usr/bin:/bin; exec mktemp "$@"');
});

/** A program of that system's folder, which comes first on the PATH. */
function program(system: string, name: string, script: string): void {
  mkdirSync(path.join(folder, system), { recursive: true });
  writeFileSync(path.join(folder, system, name), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(folder, system, name), 0o755);
}

const print = (file: string) => `cat ${quoteWord(path.join(folder, file))}`;
const setup = () => shellSetup({ apihost, auth: `echo ${AUTH}`, caCertificate: print('ca.pem') });

/** Runs lines in a new shell, whose home is empty. @throws Error with what it printed when it fails */
async function run(shell: string, system: string, ...lines: readonly string[]): Promise<string> {
  const script = path.join(folder, 'script');
  writeFileSync(script, lines.join('\n'));
  const { PATH, TMPDIR } = process.env;
  const env = { PATH: `${path.join(folder, system)}:${PATH}`, HOME: folder, ...(TMPDIR && { TMPDIR }) };
  const { stdout } = await promisify(execFile)(shell, [...(shell === 'zsh' ? ['-f'] : []), script], {
    cwd: folder,
    env,
  });
  return stdout;
}

const hasCurl = onPath('curl', '--version');
const hasWsk = onPath('wsk', 'property', 'get', '--cliversion');
const SHELLS = ['bash', 'zsh', 'sh'].map((shell) => ({ shell, present: onPath(shell, '-c', ':') }));

for (const { shell, present } of SHELLS)
  describe.runIf(present)(`after the setup in ${shell}${unless(present, shell)}`, () => {
    describe.each(['linux', 'mac'])('on a played %s', (system) => {
      test('every other program has the environment that it had, and nothing but a temporary file is written', async () => {
        const before = await run(shell, system, 'gcloud; ls -A');
        expect(await run(shell, system, setup(), 'gcloud; ls -A')).toBe(before);
        expect(before).toContain('PATH=');
      });

      test.runIf(hasCurl)(`curl verifies the stack, with its own CA${unless(hasCurl, 'curl')}`, async () => {
        expect(await run(shell, system, setup(), `curl -sS -u "$AUTH" ${apihost}/x`)).toBe('{}');
        expect(await run(shell, system, setup(), `curl -sS ${apihost}`)).toBe('{}');
        const wrong = shellSetup({ apihost, auth: `echo ${AUTH}`, caCertificate: print('other.pem') });
        await expect(run(shell, system, wrong, `curl -sS ${apihost}/x`)).rejects.toThrow(/certificate/);
      });

      test.runIf(hasCurl)(`curl of another host is as before${unless(hasCurl, 'curl')}`, async () => {
        const trusted = `curl -sS --cacert ${quoteWord(path.join(folder, 'other.pem'))} ${elsewhere}/x`;
        expect(await run(shell, system, setup(), trusted)).toBe('{}');
        await expect(run(shell, system, setup(), `curl -sS ${elsewhere}/x`)).rejects.toThrow(/certificate/);
      });

      test.runIf(hasWsk)(`wsk verifies the stack, and has its key${unless(hasWsk, 'wsk')}`, async () => {
        seen.length = 0;
        const said = await run(shell, system, setup(), 'wsk package list && wsk list; echo "code $?"');
        expect(said).toContain('/_/pdfmagic');
        expect(seen[0]).toMatch(`GET ${new URL(apihost).host} /api/v1/namespaces/_/packages`);
        const wrong = shellSetup({ apihost, auth: `echo ${AUTH}`, caCertificate: print('other.pem') });
        seen.length = 0;
        await expect(run(shell, system, wrong, 'wsk package list')).rejects.toThrow(/certificate/);
        expect(seen).toEqual([]);
      });

      test.runIf(hasWsk)(`wsk tells OpenWhisk where an action of an API is${unless(hasWsk, 'wsk')}`, async () => {
        bodies.length = 0;
        await run(shell, system, setup(), 'wsk api create /base /path get hello --response-type json || :');
        expect(bodies.at(-1)).toContain(`"backendUrl":"${apihost}/api/v1/web/`);
        expect(seen.at(-1)).toContain(`spaceguid=${AUTH.split(':')[0]}`);
      });

      test.runIf(hasWsk)(`wsk keeps arguments and exit code${unless(hasWsk, 'wsk')}`, async () => {
        bodies.length = 0;
        const call = `wsk action invoke a --param text "it's two words \\$HOME" --param n '!'`;
        await run(shell, system, setup(), `${call} || :`);
        expect(JSON.parse(bodies.at(-1) ?? '')).toEqual({ text: "it's two words $HOME", n: '!' });
        await expect(run(shell, system, setup(), 'wsk no-such-command')).rejects.toMatchObject({
          code: expect.any(Number),
        });
      });
    });

    test('aliases of the user are not in the way', async () => {
      const aliases = [...(shell === 'bash' ? ['shopt -s expand_aliases'] : []), "alias curl='curl -v' wsk='wsk -v'"];
      expect(
        await run(shell, 'linux', ...aliases, `eval ${quoteWord(setup())}`, 'command -v curl; command -v wsk'),
      ).toMatch(/curl[^=]*\n?[^=]*wsk/);
    });

    test('nothing is set up when the key or the certificate cannot be had, and the command fails', async () => {
      const failing = { apihost, auth: `echo ${AUTH}`, caCertificate: print('ca.pem') };
      for (const args of [
        { ...failing, auth: 'false' },
        { ...failing, caCertificate: 'false' },
      ]) {
        expect(await run(shell, 'linux', `${shellSetup(args)} || echo failed`)).toBe('failed\n');
      }
    });

    test.runIf(hasCurl)(
      `no certificate is asked for when the config says so, at the stack alone${unless(hasCurl, 'curl')}`,
      async () => {
        const insecure = shellSetup({ apihost, insecure: true, auth: `echo ${AUTH}` });
        expect(await run(shell, 'linux', insecure, `curl -sS ${apihost}/x`)).toBe('{}');
        await expect(run(shell, 'linux', insecure, `curl -sS ${elsewhere}/x`)).rejects.toThrow(/certificate/);
        if (hasWsk) expect(await run(shell, 'linux', insecure, 'wsk package list')).toContain('/_/pdfmagic');
      },
    );
  });

test('a gateway with a host of its own is verified like the API host', () => {
  const line = shellSetup({ apihost, urls: ['https://gateway.example/api/x'], auth: 'x', caCertificate: 'y' });
  expect(line).toContain('*" https://gateway.example/"*');
});

test('a public certificate needs no other curl', () => {
  const line = shellSetup({ apihost, auth: `echo ${AUTH}` });
  expect(line).not.toMatch(/curl\(\)|\.pem|CERT/);
});
