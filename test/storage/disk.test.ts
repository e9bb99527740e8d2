import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { SmallDisk, whyNoDisk } from '../../cli/torture/small-disk';
import { Refusals } from '../../platform/storage/refused';
import { startStorage } from '../../platform/storage/start-storage';
import { clientOf, killServer, temporaryFolder } from './emulator';

const undo: (() => void)[] = [];
afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

function folder(): string {
  const made = temporaryFolder();
  undo.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** A folder on a disk of 3 MB; undefined where this user cannot mount one. */
function smallDisk(): SmallDisk | undefined {
  if (whyNoDisk() !== undefined) return undefined;
  const disk = new SmallDisk(folder(), 3);
  undo.push(() => disk.remove());
  return disk;
}

describe('a data folder that cannot be used', () => {
  it('is a file', async () => {
    const file = path.join(folder(), 'file');
    writeFileSync(file, 'mine');
    await expect(startStorage({ dataDir: file, port: 0 })).rejects.toThrow(
      `The storage emulator cannot keep its objects in ${file}: a file of that name is in the way`,
    );
    await expect(startStorage({ dataDir: path.join(file, 'in', 'it'), port: 0 })).rejects.toThrow(
      'is a file, not a folder',
    );
  });

  it('has a file where its objects belong', async () => {
    const dataDir = folder();
    writeFileSync(path.join(dataDir, 'objects'), 'mine');
    await expect(startStorage({ dataDir, port: 0 })).rejects.toThrow('Move it away, or choose another data folder.');
  });

  it.skipIf(process.getuid?.() === 0)('is not for this user', async () => {
    const dataDir = folder();
    chmodSync(dataDir, 0o500);
    undo.push(() => chmodSync(dataDir, 0o700));
    await expect(startStorage({ dataDir, port: 0 })).rejects.toThrow('this user may not write there');
    await expect(startStorage({ dataDir: path.join(dataDir, 'x'), port: 0 })).rejects.toThrow('may not write there');
  });
});

describe('a full disk', () => {
  it('is said with status 507 and once in the log, whatever had no space', () => {
    const logs: string[] = [];
    const refusals = new Refusals({ dataDir: folder(), log: (line) => logs.push(line) });
    for (const text of ['write /data/tmp/x: no space left on device', '{"error":{"message":"a: disk quota exceeded"}}'])
      expect(() => refusals.check(500, Buffer.from(text))).toThrow(expect.objectContaining({ status: 507 }));
    expect(logs).toEqual([expect.stringContaining('There is no space left on the disk')]);
    expect(() => refusals.check(500, Buffer.from('something else'))).not.toThrow();
  });

  it('loses nothing, and takes objects again when there is space', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('this user cannot mount a small disk');
    const logs: string[] = [];
    const dataDir = path.join(disk.folder, 'storage');
    const storage = await startStorage({ dataDir, port: 0, log: (line) => logs.push(line) });
    try {
      const [bucket] = await clientOf(storage.endpoint).createBucket('small');
      const kept = Buffer.alloc(1_000_000, 'k');
      await bucket.file('kept').save(kept, { resumable: false });
      for (const resumable of [false, true]) {
        const tooLarge = bucket.file('kept').save(Buffer.alloc(5_000_000), { resumable });
        await expect(tooLarge).rejects.toThrow('There is no space left on the disk');
      }
      expect(logs.join('\n')).toContain(`There is no space left on the disk for ${dataDir}`);
      disk.fill();
      await expect(bucket.file('kept').setMetadata({ metadata: { a: 'b' } })).rejects.toThrow('no space left');
      await expect(bucket.combine(['kept', 'kept'], 'both')).rejects.toThrow('no space left');
      await killServer(storage);
      expect((await bucket.file('kept').download())[0].equals(kept)).toBe(true);
      disk.free();
      await bucket.file('new').save('x', { resumable: false });
      expect((await bucket.getFiles())[0].map((file) => file.name)).toEqual(['kept', 'new']);
      expect(readdirSync(path.join(dataDir, 'tmp'))).toEqual([]);
    } finally {
      await storage.stop();
    }
  }, 60_000);
});
