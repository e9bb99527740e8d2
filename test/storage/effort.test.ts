/** What an object of 3 MB costs, in counts that are no clock: looks at fake-gcs-server, steps of files, memory. */
import { randomBytes } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openEmulator } from './emulator';

const SIZE = 3_000_000;
/** Steps of 256 KiB in which it is read. */
const STEPS = Math.ceil(SIZE / (256 * 1024));
const content = randomBytes(SIZE);

let lab: Awaited<ReturnType<typeof openEmulator>>;
beforeAll(async () => {
  lab = await openEmulator();
  await lab.client().createBucket('effort');
}, 120_000);
afterAll(() => lab?.close());

/** Counts what the front door does meanwhile. */
async function count(work: () => Promise<unknown>) {
  const probe = await open(__filename);
  const files = Object.getPrototypeOf(probe) as FileHandle;
  await probe.close();
  const memories = new Set<unknown>();
  const read = vi.spyOn(files, 'read');
  const spies = {
    read,
    write: vi.spyOn(files, 'write'),
    writev: vi.spyOn(files, 'writev'),
    sync: vi.spyOn(files, 'sync'),
  };
  const asked = vi.spyOn(http, 'request');
  try {
    await work();
    for (const [buffer] of read.mock.calls) memories.add((buffer as unknown as Buffer).buffer);
    const counts = Object.entries(spies).map(([name, spy]) => [name, spy.mock.calls.length]);
    const server = asked.mock.calls.map(([options]) => options as unknown as http.RequestOptions);
    return {
      ...(Object.fromEntries(counts) as Record<keyof typeof spies, number>),
      memories: memories.size,
      asked: server.map(
        ({ method, headers }) => `${method} ${(headers as http.OutgoingHttpHeaders)?.['content-length'] ?? 0}`,
      ),
    };
  } finally {
    vi.restoreAllMocks();
  }
}

describe('an object of 3 MB', () => {
  const upload = (query: string, type: string, body: Buffer) =>
    fetch(`${lab.endpoint}/upload/storage/v1/b/effort/o?${query}`, {
      ...{ method: 'POST', headers: { 'content-type': type } },
      body: new Uint8Array(body),
    });

  it('is uploaded with one request to fake-gcs-server, without the content, and one wait for the disk', async () => {
    const effort = await count(() => upload('uploadType=media&name=plain', 'image/jpeg', content));
    expect(effort.asked).toEqual(['POST 0']);
    expect(effort.sync).toBe(1);
    // Once for its checksums, once for its place.
    expect(effort.read).toBe(2 * STEPS);
    expect(effort.write).toBe(STEPS);
    expect(effort.memories).toBe(2);
  });

  it('is read once more for the end of its part when it comes with metadata', async () => {
    const head =
      '--b\r\ncontent-type: application/json\r\n\r\n{"name":"parts"}\r\n--b\r\ncontent-type: image/jpeg\r\n\r\n';
    const body = Buffer.concat([Buffer.from(head), content, Buffer.from('\r\n--b--')]);
    const effort = await count(() => upload('uploadType=multipart', 'multipart/related; boundary=b', body));
    expect(effort.asked).toEqual(['POST 0']);
    expect(effort.sync).toBe(1);
    // And its beginning and its end.
    expect(effort.read).toBe(3 * STEPS + 2);
    expect(effort.memories).toBeLessThanOrEqual(5);
  });

  it('is downloaded with one look at it, and through one piece of memory', async () => {
    const url = `${lab.endpoint}/download/storage/v1/b/effort/o/plain?alt=media`;
    const effort = await count(async () => {
      expect(content.equals(Buffer.from(await (await fetch(url)).arrayBuffer()))).toBe(true);
    });
    expect(effort).toMatchObject({ asked: ['GET 0'], read: STEPS, memories: 1, write: 0, sync: 0 });
  });
});
