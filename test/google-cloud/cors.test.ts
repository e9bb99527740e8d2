/** Who sets CORS by hand, as infra/parts/google-cloud/README.md says, gets the rules of the buckets that a stack creates. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { SIGNED_HEADERS } from '../../infra/parts/google-cloud/buckets';

const PAGE = readFileSync(path.join(__dirname, '../../infra/parts/google-cloud/README.md'), 'utf8');
const commands = /```sh\n(HEADERS=.*?)```/s.exec(PAGE)?.[1] ?? '';

test.each(['PUT', 'GET'])('the rule for %s', (method) => {
  const definitions = commands.split('\n').filter((line) => /^(HEADERS=|cors\(\))/.test(line));
  const printed = execFileSync('sh', ['-c', [...definitions, `cors ${method}`].join('\n')], { encoding: 'utf8' });
  expect(JSON.parse(printed)).toEqual([
    { origin: ['https://APIHOST'], method: [method], responseHeader: SIGNED_HEADERS, maxAgeSeconds: 3600 },
  ]);
  expect(commands).toContain(`cors ${method} > cors.json`);
});
