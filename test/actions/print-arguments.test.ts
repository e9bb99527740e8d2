import { createRequire } from 'node:module';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { JsonObject } from '../../ground/json';
import { PROJECT_ROOT } from '../../infra/packaging';

const load = createRequire(__filename);
const { main } = load(path.join(PROJECT_ROOT, 'actions', 'print-arguments', 'index.js')) as {
  main(args: JsonObject): JsonObject;
};

describe('print-arguments', () => {
  afterEach(() => vi.restoreAllMocks());

  it('logs its arguments as a line of JSON and returns them', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    const args = { bucket: 'b', name: 'ä "q"\n.jpg', list: [1, null, { deep: true }] };
    expect(main(args)).toEqual(args);
    expect(log.mock.calls).toEqual([[JSON.stringify(args)]]);
  });

  it.each(['authorization', 'Authorization', 'AUTHORIZATION', 'Proxy-Authorization', 'cookie', 'X-Require-Whisk-Auth'])(
    'blanks the header %s, in its log and its result',
    (header) => {
      const log = vi.spyOn(console, 'log').mockImplementation(() => {});
      const result = main({ __ow_headers: { [header]: 'Basic c2VjcmV0', accept: '*/*' }, name: 'n' });
      expect(result).toEqual({ __ow_headers: { [header]: '(blanked)', accept: '*/*' }, name: 'n' });
      expect(JSON.stringify(log.mock.calls)).not.toContain('c2VjcmV0');
    },
  );

  it('blanks at any depth, and leaves its arguments as they were', () => {
    vi.spyOn(console, 'log').mockImplementation(() => {});
    const args = { events: [{ request: { headers: { Authorization: ['Bearer secret'] } } }] };
    expect(JSON.stringify(main(args))).not.toContain('secret');
    expect(args.events[0]?.request.headers.Authorization).toEqual(['Bearer secret']);
  });
});
