/** `--platform cloudrun --docker`: the service as containers of `cloudrun/Dockerfile`, from its first request to its last. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countPages } from '../../cli/demo/check-pdf';
import { PROJECT_ROOT } from '../../infra/packaging';
import { commandOf } from '../../sandbox/processes/process-identity';
import { listDescendants } from '../../sandbox/processes/tree';
import { Machine, type RunningPlatform } from '../e2e/machine';
import { docker, testBase, testPythonBase, whyNotCloudRun } from './engine';

const reason = whyNotCloudRun();
const MINUTES = 60_000;
const PHOTO = readFileSync(path.join(PROJECT_ROOT, 'examples', 'photo.jpg'));
const JPEG = { 'content-type': 'image/jpeg' };

describe.skipIf(reason !== undefined)(
  `Cloud Run with --docker${reason === undefined ? '' : ` (skipped: ${reason})`}`,
  () => {
    const machine = new Machine();
    const cloudRun = ['--platform', 'cloudrun'];
    let options: readonly string[];
    let platform: RunningPlatform;

    beforeAll(() => {
      options = ['--docker', '--base-image', testBase(), '--cloudrun-base-image', testPythonBase()];
    }, 15 * MINUTES);
    afterAll(() => machine.close());

    /** The name of the file that tells of containers is gone when they are. */
    const labelFile = path.join(machine.dataDir, 'cloudrun', 'docker');
    const label = () => readFileSync(labelFile, 'utf8').trim();

    /** Ids of the containers of a service, running or not. */
    function containers(service: string, of = label()): string[] {
      const filters = ['--filter', `label=${of}`, '--filter', `name=pdfmagic-run-${service}-`];
      return docker('ps', '--all', '--quiet', '--no-trunc', ...filters)
        .split('\n')
        .filter((id) => id !== '');
    }

    const inspect = (id: string, format: string) => docker('inspect', '--format', format, id).trim();

    function control(method: string, service: string, spec?: object): Promise<Response> {
      const headers = { authorization: platform.authorization, 'content-type': 'application/json' };
      const url = `${platform.file.apihost}/cloudrun/services/${service}`;
      return fetch(url, { method, headers, ...(spec === undefined ? {} : { body: JSON.stringify(spec) }) });
    }

    /** Another service beside that of the stack. */
    const spec = (more: object = {}) => ({
      image: 'cloudrun-of-the-test',
      env: { OUT_BUCKET: 'demo-convert-out', GCS_ENDPOINT: platform.file.storageEndpoint },
      ...{ maxInstanceRequestConcurrency: 2, maxInstanceCount: 2, timeout: 60, idleTimeout: 600 },
      ...more,
    });

    async function convert(service: string, jpeg: Buffer = PHOTO): Promise<number> {
      const url = `${platform.file.apihost}/run/${service}/convert/pdf`;
      const answer = await fetch(url, { method: 'POST', headers: JPEG, body: new Uint8Array(jpeg) });
      expect(answer.status).toBe(200);
      return countPages(Buffer.from(await answer.arrayBuffer()));
    }

    test(
      'a POST, a PUT and an upload become PDFs, and no container is left',
      async () => {
        const output = path.join(machine.folder, 'out');
        const run = await machine.run('start', '--once', '--output', output, ...cloudRun, ...options);
        expect(run.code, run.output).toBe(0);
        for (const way of ['v1', 'v2', 'v3']) {
          expect(run.output).toMatch(new RegExp(`^${way} .* ms `, 'm'));
          expect(await countPages(readFileSync(path.join(output, `${way}.pdf`)))).toBe(1);
        }
        expect(existsSync(labelFile)).toBe(false);
      },
      15 * MINUTES,
    );

    test('a second up changes nothing and builds nothing', async () => {
      platform = await machine.startPlatform(...options);
      const { code, output } = await machine.run('up', ...cloudRun, ...options);
      expect(code, output).toBe(0);
      expect(output).toContain('6 unchanged');
      expect(platform.output()).not.toContain('Building');
    });

    test('an instance is a container of the image under its content tag, with the rights and bounds of Cloud Run', async () => {
      expect(containers('convert')).toHaveLength(0);
      expect(await convert('convert')).toBe(1);
      const [id = '', ...others] = containers('convert');
      expect(others).toHaveLength(0);
      const { image, instances } = (await (await control('GET', 'convert')).json()) as Record<string, unknown>;
      expect(image).toMatch(/^cloudrun-[0-9a-f]{12}$/);
      expect(inspect(id, '{{.Config.Image}}')).toBe(`pdfmagic/convert:${image}`);
      expect(instances).toEqual([Number(inspect(id, '{{.State.Pid}}'))]);
      expect(inspect(id, '{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}')).toBe(`${2 ** 31} ${2 ** 31}`);
      expect(inspect(id, '{{.HostConfig.NanoCpus}}')).toBe(`${10 ** 9}`);
      expect(inspect(id, '{{json .Config.Env}}')).toContain('"PORT=8080"');
      const within = (script: string) => docker('exec', id, 'sh', '-c', script).trim();
      expect(within('id -u; id -g')).toBe('65534\n65534');
      expect(within('grep CapBnd /proc/1/status')).toMatch(/\t0+$/);
      expect(within('touch /pdfmagic/x /etc/x 2>&1; touch /tmp/x && echo but /tmp')).toMatch(
        /(Read-only file system\s+.*){2}but \/tmp$/s,
      );
    });

    test('an instance without requests ends, and so does its container; the next request has another one', async () => {
      expect((await control('PUT', 'brief', spec({ idleTimeout: 1 }))).status).toBe(200);
      expect(await convert('brief')).toBe(1);
      await expect.poll(() => containers('brief').length, { timeout: 30_000 }).toBe(0);
      expect(await convert('brief')).toBe(1);
      expect((await control('DELETE', 'brief')).status).toBe(200);
      expect(containers('brief')).toHaveLength(0);
    });

    test('an instance that is to end lets its conversion end', async () => {
      const file = path.join(machine.folder, 'large.jpg');
      execFileSync('/usr/bin/convert', ['-size', '6000x5000', 'xc:red', '-quality', '60', file]);
      expect((await control('PUT', 'other', spec())).status).toBe(200);
      const [before = ''] = containers('other');
      const instance = Number(inspect(before, '{{.State.Pid}}'));
      const converting = convert('other', readFileSync(file));
      // Read from /proc: asking Docker takes as long as a conversion when the machine is busy.
      const busy = () => listDescendants(instance).some((pid) => commandOf(pid)[0]?.endsWith('convert'));
      await expect.poll(busy, { timeout: 30_000, interval: 10 }).toBe(true);
      expect((await control('DELETE', 'other')).status).toBe(200);
      expect(containers('other')).toHaveLength(0);
      expect(await converting).toBe(1);
    });

    test('a service that does not start is refused with its own words, and leaves no container', async () => {
      const answer = await control('PUT', 'broken', spec({ env: {} }));
      expect(answer.status).toBe(500);
      expect(((await answer.json()) as { error: string }).error).toMatch(/OUT_BUCKET is not set/);
      expect(containers('broken')).toHaveLength(0);
    });

    test('a container that somebody removes is replaced by the next request', async () => {
      docker('rm', '--force', ...containers('convert'));
      const running = async () => ((await (await control('GET', 'convert')).json()) as { instances: [] }).instances;
      await expect.poll(async () => (await running()).length, { timeout: 30_000 }).toBe(0);
      expect(await convert('convert')).toBe(1);
      expect(containers('convert')).toHaveLength(1);
    });

    test('a running platform with another base image is not taken for the one that is asked for', async () => {
      const other = [...options.slice(0, -1), 'somebody/else:1'];
      const { code, output } = await machine.run('up', ...cloudRun, ...other);
      expect(code).toBe(1);
      expect(output).toMatch(/a local platform is already running on .*, with an image of Cloud Run on \S+\. Stop it/);
    });

    test('what a killed platform leaves is removed by the next one, without --docker, too', async () => {
      const left = label();
      expect(containers('convert', left)).toHaveLength(1);
      platform.child.kill('SIGKILL');
      await once(platform.child, 'close');
      expect(containers('convert', left)).toHaveLength(1);
      platform = await machine.startPlatform();
      expect(containers('convert', left)).toHaveLength(0);
      expect(platform.output()).toMatch(/ended \d+ instance\(s\) that an earlier run left behind/);
      const up = await machine.run('up', ...cloudRun);
      expect(up.code, up.output).toBe(0);
      expect(await convert('convert')).toBe(1);
      expect(existsSync(labelFile)).toBe(false);
      await stopped();
    });

    test('goes on from a platform without it, converts what is uploaded then, and leaves nothing when it stops', async () => {
      platform = await machine.startPlatform(...options);
      const storage = new Storage({ apiEndpoint: platform.file.storageEndpoint, projectId: 'test' });
      const up = await machine.run('up', ...cloudRun, ...options);
      expect(up.code, up.output).toBe(0);
      await storage.bucket('demo-convert-in').file('late.jpg').save(PHOTO, { resumable: false });
      const there = async () => (await storage.bucket('demo-convert-out').file('late.pdf').exists())[0];
      await expect.poll(there, { timeout: 60_000 }).toBe(true);
      const of = label();
      expect(containers('convert', of)).not.toHaveLength(0);
      await stopped();
      expect(containers('', of)).toHaveLength(0);
      expect(existsSync(labelFile)).toBe(false);
    });

    test('a base image that cannot be had is named, with the option for another one', async () => {
      const missing = [...options.slice(0, -1), 'pdfmagic-test/no-such-image:1'];
      const { code, output } = await machine.run('start', '--once', ...cloudRun, ...missing);
      expect(code).toBe(1);
      expect(output).toMatch(
        /The base image pdfmagic-test\/no-such-image:1 is not available: .*\n.*--cloudrun-base-image NAME/,
      );
    });

    async function stopped(): Promise<void> {
      platform.child.kill('SIGINT');
      await once(platform.child, 'close');
    }
  },
);
