/** `--docker` as a user types it: the four ways in the real runtime image, and clear words where there can be none. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import { Machine, type Run } from '../e2e/machine';
import { docker, testBase, whyNot } from './engine';

const reason = whyNot();
const MINUTES = 60_000;

describe.skipIf(reason !== undefined)(
  `npm start -- --docker${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    const machine = new Machine();
    const output = path.join(machine.folder, 'out');
    let base: string;
    beforeAll(() => {
      base = testBase();
    }, 15 * MINUTES);
    afterAll(() => machine.close());

    const start = () => machine.run('start', '--once', '--output', output, '--docker', '--base-image', base);

    async function expectFourPdfs(run: Run): Promise<void> {
      expect(run.output).not.toMatch(/\berror\b/i);
      expect(run.code).toBe(0);
      for (const way of ['v0', 'v1', 'v2', 'v3']) {
        const file = path.join(output, `${way}.pdf`);
        expect(run.output).toContain(file);
        expect(await countPages(readFileSync(file))).toBe(1);
        rmSync(file);
      }
    }

    /** The name of the file that tells of containers is gone when they are. */
    const mayHaveContainers = () => existsSync(path.join(machine.dataDir, 'invoker', 'docker'));

    test(
      'converts a photograph in four ways, and leaves no container',
      async () => {
        const run = await start();
        await expectFourPdfs(run);
        expect(run.output).toMatch(/created/);
        expect(mayHaveContainers()).toBe(false);
      },
      15 * MINUTES,
    );

    test('changes nothing the second time, and builds nothing', async () => {
      const run = await start();
      await expectFourPdfs(run);
      expect(run.output).not.toMatch(/created|updated|replaced|deleted|Building/);
    });

    test('goes on from a platform without it, and back: the same stack on another address', async () => {
      const without = await machine.run('start', '--once', '--output', output);
      await expectFourPdfs(without);
      expect(without.output).toContain('OpenWhisk at http://127.0.0.1:');
      expect(without.output).not.toMatch(/created|replaced|deleted/);
      const within = await start();
      await expectFourPdfs(within);
      expect(within.output).not.toMatch(/created|replaced|deleted/);
    });

    test('runs the actions in containers of the image that platform.json names, for as long as the platform runs', async () => {
      const { child, file, authorization } = await machine.startPlatform('--docker', '--base-image', base);
      expect(file.python).toBeUndefined();
      expect(file.image).toMatch(/^pdfmagic\/action-python:imagemagick-[0-9a-f]{12}$/);
      const version = docker(
        'run',
        '--rm',
        '--entrypoint',
        'python3',
        file.image,
        '-c',
        'import sys; print(*sys.version_info[:2])',
      );
      const info = (await (await fetch(file.apihost)).json()) as {
        runtimes: { python: { kind: string; image: unknown }[] };
      };
      expect(info.runtimes.python[0]?.kind).toBe(`python:${version.trim().replace(' ', '.')}`);

      const url = `${file.apihost}/api/v1/namespaces/_/actions/pdfmagic/v0?blocking=true&result=true`;
      const headers = { authorization, 'content-type': 'application/json' };
      await fetch(url, { method: 'POST', headers, body: '{}' });
      const label = readFileSync(path.join(machine.dataDir, 'invoker', 'docker'), 'utf8').trim();
      const listed = () =>
        docker('ps', '--all', '--filter', `label=${label}`, '--format', '{{.Image}} {{.Names}}').trim();
      // One of v2, too, where the event of an earlier upload was not yet acknowledged when the platform ended.
      expect(listed().split('\n')).toContainEqual(
        expect.stringMatching(new RegExp(`^${file.image} pdfmagic-pdfmagic-v0-\\w+$`)),
      );
      expect(listed()).toMatch(new RegExp(`^(${file.image} pdfmagic-pdfmagic-v[02]-\\w+\\s*)+$`));

      const other = await machine.run('up', '--docker', '--base-image', 'somebody/else:1');
      expect(other.code).toBe(1);
      expect(other.output).toMatch(
        /a local platform is already running on .*, with the image pdfmagic\/action-python:\S+. Stop it/,
      );

      child.kill('SIGINT');
      await once(child, 'close');
      expect(listed()).toBe('');
    });

    test('a base image that cannot be had is named, with what to do, before anything is started', async () => {
      const other = new Machine();
      try {
        const run = await other.run('start', '--once', '--docker', '--base-image', 'pdfmagic-test/no-such-image:1');
        expect(run.code).toBe(1);
        expect(run.output).toMatch(
          /The base image pdfmagic-test\/no-such-image:1 is not available: .*\n.*--base-image NAME/,
        );
        expect(existsSync(path.join(other.dataDir, 'store'))).toBe(false);
      } finally {
        await other.close();
      }
    });
  },
);

describe('--docker where it cannot be, before anything is started', () => {
  const empty = mkdtempSync(path.join(tmpdir(), 'pdfmagic-no-docker-'));
  afterAll(() => rmSync(empty, { recursive: true }));

  async function refused(environment: NodeJS.ProcessEnv, command: string, ...args: string[]): Promise<string> {
    const machine = new Machine(environment);
    try {
      const { code, output } = await machine.run(command, ...args);
      expect(code).toBe(1);
      expect(existsSync(path.join(machine.dataDir, 'store'))).toBe(false);
      return output;
    } finally {
      await machine.close();
    }
  }

  test('no docker command', async () => {
    const output = await refused({ PATH: empty }, 'start', '--once', '--docker');
    expect(output).toMatch(/error: There is no `docker` command on this machine\. Install .*Or leave --docker out/);
  });

  test('no engine that answers', async (context) => {
    if (spawnSync('docker', ['--version']).status !== 0) context.skip('there is no docker command');
    const socket = `unix://${path.join(empty, 'docker.sock')}`;
    const output = await refused({ DOCKER_HOST: socket }, 'start', '--once', '--docker');
    expect(output).toMatch(/error: The Docker engine cannot be reached .*Start it: .*Or leave --docker out/);
  });

  test.each(['--base-image', '--cloudrun-base-image'])('%s without --docker', async (option) => {
    expect(await refused({}, 'up', option, 'somebody/else:1')).toContain(`${option} names the base of an image`);
  });

  test.each([
    ['--base-image', /OpenWhisk Python action image/],
    ['--cloudrun-base-image', /Python image that cloudrun\/Dockerfile builds on/],
  ])('a name for %s that is no image', async (option, words) => {
    expect(await refused({}, 'up', '--docker', option, 'two words')).toMatch(words);
  });

  test('the loopback, where no container comes', async () => {
    const output = await refused({}, 'platform', '--docker', '--host', '127.0.0.1');
    expect(output).toContain('containers cannot reach --host 127.0.0.1');
  });
});
