import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATIENCE } from '../../platform/storage/pace';
import { openEmulator, until } from './emulator';

let lab: Awaited<ReturnType<typeof openEmulator>>;
const sockets: Socket[] = [];
beforeAll(async () => {
  lab = await openEmulator({ silence: 3000, grace: 4000, rate: 1024 });
  await lab.client().createBucket('slow');
}, 120_000);
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await lab?.close();
});

/** A connection, what it was answered, and whether it was closed. */
function open(head: string) {
  const { hostname, port, host } = new URL(lab.endpoint);
  const state = { said: '', closed: false, socket: connect(Number(port), hostname) };
  sockets.push(state.socket);
  state.socket
    .on('error', () => undefined)
    .once('close', () => {
      state.closed = true;
    });
  state.socket.write(`${head} HTTP/1.1\r\nhost: ${host}\r\n`);
  return state;
}
const upload = (name: string) => open(`POST /upload/storage/v1/b/slow/o?uploadType=media&name=${name}`);
const quickly = async (name: string) => {
  const began = performance.now();
  await lab.client().bucket('slow').file(name).save('quick', { resumable: false });
  expect((await lab.client().bucket('slow').getFiles())[0].length).toBeGreaterThan(0);
  return performance.now() - began;
};

describe('a client that is slow', () => {
  it('holds up nobody while its upload pauses, and is cut off; nothing of it stays', async () => {
    const paused = Array.from({ length: 20 }, (_, at) => upload(`paused-${at}`));
    for (const { socket } of paused) socket.on('data', () => undefined).write('content-length: 1000\r\n\r\nhalf of it');
    await until('all have begun', () => readdirSync(path.join(lab.dataDir, 'uploads')).length === 20);
    expect(await quickly('meanwhile')).toBeLessThan(2500);
    await until('all are cut off', () => paused.every(({ closed }) => closed));
    expect(readdirSync(path.join(lab.dataDir, 'uploads'))).toEqual([]);
  });

  it('is cut off when it sends a byte now and then, and is told why', async () => {
    const slow = upload('drip');
    slow.socket.on('data', (chunk) => {
      slow.said += chunk;
    });
    slow.socket.write('content-length: 1000000\r\n\r\n');
    const timer = setInterval(() => slow.socket.write('x'), 100);
    await until('it is cut off', () => slow.closed);
    clearInterval(timer);
    expect(slow.said).toContain(' 408 ');
    expect(slow.said).toContain('arrived too slowly');
  });

  it.each([
    ['metadata of a resumable upload', 'POST /upload/storage/v1/b/slow/o?uploadType=resumable&name=m'],
    ['a change of metadata', 'PATCH /storage/v1/b/slow/o/meanwhile'],
    ['a new bucket', 'POST /storage/v1/b'],
  ])('is cut off with %s', async (_, head) => {
    const slow = open(head);
    slow.socket.on('data', () => undefined).write('content-length: 100\r\n\r\n{');
    await until('it is cut off', () => slow.closed);
  });

  it('is cut off when it stops reading, and holds up nobody', async () => {
    const content = Buffer.alloc(40_000_000, 'r');
    const file = lab.client().bucket('slow').file('read');
    await file.save(content, { resumable: false });
    const readers = Array.from({ length: 5 }, () => open('GET /slow/read'));
    for (const { socket } of readers) socket.pause().write('\r\n');
    expect(await quickly('meanwhile too')).toBeLessThan(2500);
    await file.delete();
    // A paused socket does not see its end: what it would still get says whether it was cut off.
    await new Promise((resolve) => setTimeout(resolve, 5000));
    for (const reader of readers) {
      let size = 0;
      reader.socket.on('data', (chunk) => {
        size += chunk.length;
      });
      reader.socket.resume();
      await until('it is cut off', () => reader.closed);
      expect(size).toBeLessThan(content.length);
    }
  }, 60_000);

  it('has as long as Google gives it, as a rule', () => {
    expect(PATIENCE).toEqual({ silence: 60_000, grace: 300_000, rate: 1024 });
  });
});
