/** What the program says when the platform on this machine is not there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { proveKey } from '@pdfmagic/openwhisk/server-proof';
import { afterAll, describe, expect, test } from 'vitest';
import type { StackConfig } from '../../infra/config';
import { findLocalPlatform } from '../../infra/targets/local/local-platform';
import { describeStart } from '../../infra/targets/local/platform-file';

const folder = mkdtempSync(path.join(tmpdir(), 'local-platform-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const open = (platformDir: string) =>
  findLocalPlatform({ target: 'local', platform: 'openwhisk', student: 'ada', platformDir } as StackConfig<'local'>);

/** A data folder as a platform leaves it; with `platform.json` as one does that was killed, or runs. */
function dataFolder(name: string, apihost?: string): string {
  const data = path.join(folder, name);
  mkdirSync(data);
  writeFileSync(path.join(data, '.wskprops'), 'AUTH=uuid:key\n');
  const url = apihost ?? '';
  const file = { apihost, namespace: 'guest', pid: 1, storageEndpoint: url, tokenUri: url, feedUrl: url, image: 'i' };
  if (apihost !== undefined) writeFileSync(path.join(data, 'platform.json'), JSON.stringify(file));
  return data;
}

describe('the platform on this machine', () => {
  test('that was never started is told apart from one that was stopped, and from one that was killed', async () => {
    const never = path.join(folder, 'never');
    await expect(open(never)).rejects.toThrow(
      `No local platform has been started in ${never} yet. Start it in another terminal (\`npm run platform -- --data ${never}\`)`,
    );
    for (const data of [dataFolder('stopped'), dataFolder('killed', 'http://127.0.0.1:1')]) {
      await expect(open(data)).rejects.toThrow(
        `The local platform of ${data} is not running. Start it in another terminal (\`npm run platform -- --data ${data}\`)`,
      );
    }
  });

  test('is used once it has proven to know the key; another program in its place is not, and neither is sent the key', async () => {
    const seen: (string | undefined)[] = [];
    let known = 'uuid:key';
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      const url = new URL(request.url ?? '', `http://${request.headers.host}`);
      response.end(proveKey(known, url.origin, url.searchParams.get('challenge') ?? ''));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : 0;
      const data = dataFolder('runs', `http://127.0.0.1:${port}`);
      expect((await open(data)).startHint).toContain(`--data ${data}`);
      known = 'another:key';
      await expect(open(data)).rejects.toThrow(`another program answers at http://127.0.0.1:${port}. Start it`);
      expect(seen).toEqual([undefined, undefined]);
    } finally {
      server.close();
    }
  });

  test('in the usual folder needs no option, and any other is quoted for a shell', () => {
    expect(describeStart('.pdfmagic')).toContain('(`npm run platform`)');
    expect(describeStart("/tmp/ada's data")).toContain("--data '/tmp/ada'\\''s data'`");
  });
});
