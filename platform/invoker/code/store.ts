/**
 * Unpacked zips by the digest of their bytes, below `code/` of the data folder: an action's second start, also after the
 * platform's, needs no unpacking. An entry appears whole or not at all.
 */
import { createHash, randomUUID } from 'node:crypto';
import { renameSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import pLimit from 'p-limit';
import { DiskFullError, isDiskFull } from '../../../ground/disk-full';
import { messageOf } from '../../../ground/errors';
import { findSurplus, roomOf, type Unused } from './room';
import { isZip, unzip, ZipError } from './unzip';

/** What stays although no sandbox uses it, and how many bytes of it. */
const MAX_ENTRIES = 64;
const MAX_ROOM = 1024 * 1024 * 1024;

/**
 * Compiles unpacked code, of which it is told the files, once, since the sandboxes see it read-only and would compile at each start: gives a zip of what is to
 * lie beside it, or nothing. A file that does not compile is no failure here: the action says so when it is loaded.
 */
export type Compile = (folder: string, files: readonly string[]) => Promise<Buffer | undefined>;

/** What the code of a binary action turned out to be. */
export type PreparedCode =
  | { readonly kind: 'folder'; readonly folder: string; release(): void }
  | { readonly kind: 'source'; readonly source: string };

export class CodeStore {
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly uses = new Map<string, number>();
  private readonly rooms = new Map<string, number>();
  private readonly folder: string;
  private readonly oneAtATime = pLimit(1);

  /** `maxRoom`: bytes of unpacked code that stay although no sandbox uses them. */
  constructor(
    dataDir: string,
    private readonly maxRoom: number = MAX_ROOM,
  ) {
    this.folder = path.join(dataDir, 'code');
  }

  /** Makes the folder, and removes what an earlier platform left half-done. */
  async open(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.folder)) {
      if (name.startsWith('new-')) await rm(path.join(this.folder, name), { recursive: true, force: true });
    }
  }

  /**
   * Unpacks the base64 of a zip for a kind of runtime, or finds it unpacked; `release` says that no sandbox uses it any more.
   * Binary code that is no zip is source text, as OpenWhisk's runtimes have it.
   * @throws ZipError; DiskFullError, which says how much is needed
   */
  async prepare(code: string, kind: string, compile: Compile): Promise<PreparedCode> {
    const bytes = Buffer.from(code, 'base64');
    if (!isZip(bytes)) return { kind: 'source', source: bytes.toString('utf8') };
    const hash = createHash('sha256').update(bytes).digest('hex');
    const name = `${hash}-${kind.replace(/[^a-z0-9.]/g, '-')}`;
    this.uses.set(name, (this.uses.get(name) ?? 0) + 1);
    const release = () => {
      const left = (this.uses.get(name) ?? 1) - 1;
      this.uses.set(name, left);
      if (left === 0) void this.prune();
    };
    const folder = path.join(this.folder, name);
    try {
      let making = this.underWay.get(name);
      if (!making) {
        making = this.make(bytes, folder, compile).finally(() => this.underWay.delete(name));
        this.underWay.set(name, making);
      }
      await making;
    } catch (error) {
      release();
      throw error;
    }
    return { kind: 'folder', folder, release };
  }

  private async make(bytes: Buffer, folder: string, compile: Compile): Promise<void> {
    const now = new Date();
    const exists = await utimes(folder, now, now).then(
      () => true,
      () => false,
    );
    if (exists) return;
    const fresh = await mkdtemp(path.join(this.folder, 'new-')).catch(this.refuseFullDisk);
    const action = path.join(fresh, 'action');
    try {
      const compiled = await compile(action, await unpack(bytes, action));
      const isAdded = compiled === undefined || (await unzip(compiled, action).then(...SETTLED));
      // Half of it is worse than none.
      if (!isAdded) await unpack(bytes, action);
      await rename(action, folder);
    } catch (error) {
      if (error instanceof ZipError || error instanceof DiskFullError) throw error;
      if (isDiskFull(error)) this.refuseFullDisk(error);
      throw new ZipError(`The zip cannot be unpacked here: ${messageOf(error)}`);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  }

  private readonly refuseFullDisk = (error: unknown): never => {
    throw isDiskFull(error) ? new DiskFullError(this.folder, undefined, error) : error;
  };

  /** Removes what was not asked for the longest, and no sandbox uses. What cannot be removed stays for the next time. */
  prune(): Promise<void> {
    return this.oneAtATime(() => this.removeSurplus()).catch(() => {});
  }

  private async removeSurplus(): Promise<void> {
    const names = (await readdir(this.folder)).filter((name) => !name.startsWith('new-') && !this.uses.get(name));
    const unused: Unused[] = [];
    for (const name of names) {
      const folder = path.join(this.folder, name);
      const bytes = this.rooms.get(name) ?? (await roomOf(folder));
      this.rooms.set(name, bytes);
      unused.push({ folder, bytes, at: (await stat(folder)).mtimeMs });
    }
    for (const folder of findSurplus(unused, MAX_ENTRIES, this.maxRoom)) {
      // Somebody may have asked for it while others were measured; who asks from now on does not find half of it.
      if (this.uses.get(path.basename(folder))) continue;
      const doomed = path.join(this.folder, `new-${randomUUID()}`);
      renameSync(folder, doomed);
      this.rooms.delete(path.basename(folder));
      await rm(doomed, { recursive: true, force: true });
    }
  }
}

const SETTLED = [() => true, () => false] as const;

async function unpack(bytes: Buffer, folder: string): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  return unzip(bytes, folder);
}
