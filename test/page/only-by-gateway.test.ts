/** The page on the platform: by the API, with its policy; by no other way, since each of them leaves the policy out. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Machine, type RunningPlatform } from '../e2e/machine';

const machine = new Machine();
let platform: RunningPlatform;
let page: string;
beforeAll(async () => {
  platform = await machine.startPlatform();
  const up = await machine.run('up');
  expect(up.code, up.output).toBe(0);
  page = JSON.parse((await machine.run('outputs', '--json')).output).page;
});
afterAll(() => machine.close());

describe('the page', () => {
  it('is answered by the API, with its policy', async () => {
    const answer = await fetch(page);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await answer.text()).toContain('<html');
  });

  it.each(['', '.http', '.html', '.svg', '.text', '.json'])(
    'is not given out beside the API, as page%s',
    async (end) => {
      const beside = `${platform.file.apihost}/api/v1/web/${platform.file.namespace}/pdfmagic/page${end}`;
      for (const headers of [{}, { authorization: platform.authorization }, { 'x-require-whisk-auth': 'true' }]) {
        const answer = await fetch(beside, { headers });
        expect(answer.status).toBe(401);
        expect(await answer.text()).not.toContain('<html');
      }
    },
  );

  it.each(['v1', 'v2', 'upload', 'result', 'activation'])(
    'is the only action with HTML: %s has none in any form',
    async (name) => {
      for (const end of ['.http', '.html', '.svg', '.text', '.json']) {
        const beside = `${platform.file.apihost}/api/v1/web/${platform.file.namespace}/pdfmagic/${name}${end}`;
        const answer = await fetch(
          `${beside}?name=${encodeURIComponent('<script>')}&id=${encodeURIComponent('<script>')}`,
        );
        const type = answer.headers.get('content-type') ?? '';
        if (/html|svg/.test(type)) expect(await answer.text(), `${name}${end}`).not.toContain('<');
      }
    },
  );
});
