import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Service } from '../../cli/client/service';
import { WAY_NAMES, WAYS, type Way } from '../../contract/ways';
import type { Platform } from '../../infra/platform';
import type { Runtime } from '../../infra/service/runtime';

/** A fifth row of the table is all that outputs, commands, deployment and client need, if its input is there already. */
const FIFTH = 'v4' as Way;
const ROW = { ...WAYS.v1, path: '/other', operation: 'convert-by-other' };
Object.assign(WAYS, { [FIFTH]: ROW });
(WAY_NAMES as Way[]).push(FIFTH);

const photo = path.join(__dirname, '..', '..', 'examples', 'photo.jpg');
const asked: string[] = [];
const server = http.createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  request.resume().on('end', () => void response.end('%PDF-1.4'));
});
let origin: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test('it is among the outputs of both platforms, and among those that are read', async () => {
  const { outputs, WRITTEN } = await import('../../contract/outputs.js');
  for (const { shape } of [WRITTEN.openwhisk, WRITTEN.cloudrun]) {
    expect(Object.keys(shape.endpoints.shape)).toContain(FIFTH);
    expect(Object.keys(shape.commands.shape)).toContain(FIFTH);
  }
  expect(Object.keys(outputs.shape.endpoints.shape)).toContain(FIFTH);
});

test('it has commands to paste, at its own URL', async () => {
  const { commandsFor } = await import('../../contract/commands.js');
  const places = { inBucket: 'in', outBucket: 'out', storage: undefined, events: true };
  const { wsk, curl } = commandsFor({ [FIFTH]: `${origin}/other` } as Record<Way, string>, places)[FIFTH];
  expect(wsk).toContain('wsk action invoke pdfmagic/v4 ');
  expect(curl).toContain(`--data-binary @photo.jpg ${origin}/other && mv v4.part v4.pdf`);
});

test('it is deployed: an action of its name, its path of the API, and the URL as an output', async () => {
  const made: pulumi.runtime.MockResourceArgs[] = [];
  await pulumi.runtime.setMocks({
    newResource: (resource) => {
      made.push(resource);
      return { id: resource.name, state: { ...resource.inputs, url: `${origin}/api${resource.inputs.path}` } };
    },
    call: () => ({}),
  });
  const { createWays } = await import('../../infra/service/ways.js');
  const storage = { inBucket: 'in', outBucket: 'out', key: pulumi.output('key'), endpoint: undefined };
  const platform = { apihost: pulumi.output(origin), servesApis: true, storage } as unknown as Platform;
  const runtime: Runtime = { image: pulumi.output('image'), code: (name) => pulumi.output(`${name}.zip`) };
  const connection = { apihost: origin, auth: 'a:b' };
  const { urls } = createWays(
    { platform, runtime, action: { connection, package: 'pdfmagic' }, api: { connection, basePath: '/convert' } },
    {},
  );
  const url = await new Promise((resolve) => (urls as Record<Way, pulumi.Output<string>>)[FIFTH].apply(resolve));
  expect(url).toBe(`${origin}/api/other`);
  expect(made.map(({ name }) => name)).toEqual(expect.arrayContaining([FIFTH, ROW.operation]));
});

test('the client calls it, and a stack that is older does not have it', async () => {
  const { convert } = await import('../../cli/client/convert.js');
  const { Http } = await import('../../cli/client/http.js');
  const http = new Http({ caCertificate: undefined, insecure: false });
  const serviceOf = (endpoints: object) => ({ stack: { platform: 'openwhisk', endpoints }, http }) as Service;
  const signal = AbortSignal.timeout(30_000);
  const service = serviceOf({ v1: `${origin}/pdf`, v4: `${origin}/other` });
  const { pdf, via } = await convert(FIFTH, service, { file: photo }, signal);
  expect([pdf.toString(), via, asked]).toEqual(['%PDF-1.4', FIFTH, ['POST /other']]);
  const older = convert(FIFTH, serviceOf({ v1: `${origin}/pdf` }), { file: photo }, signal);
  await expect(older).rejects.toMatchObject({
    message: 'This stack has no v4.',
    hint: expect.stringMatching(/^Leave/),
  });
});
