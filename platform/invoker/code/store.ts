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
import type { ActionCode } from '../contract';
import { findSurplus, roomOf, type Unused } from './room';
import { type FilesOfZip, SharedFiles } from './shared-files';
import { isZip, unzip, ZipError } from './unzip';

/** What stays although no sandbox uses it, and how many bytes of it. */
const MAX_ENTRIES = 64;
const MAX_ROOM = 1024 * 1024 * 1024;
/** Ids of code whose digest is known: megabytes need not be read, decoded and hashed again at each cold start. */
const REMEMBERED = 256;

/**
 * Compiles unpacked code, of which it is told the files, once, since the sandboxes see it read-only and would compile at each start: gives a zip of what is to
 * lie beside it, or nothing. A file that does not compile is no failure here: the action says so when it is loaded.
 */
export type Compile = (folder: string, files: readonly string[]) => Promise<Buffer | undefined>;

/** Unpacked code, which stays as long as somebody uses it. */
export interface UnpackedCode {
  readonly kind: 'folder';
  readonly folder: string;
  /** Says that this user does not need it any more. */
  release(): void;
  /** For another user, who releases it, too. */
  share(): UnpackedCode;
}

/** What the code of a binary action turned out to be. */
export type PreparedCode = UnpackedCode | { readonly kind: 'source'; readonly source: string };

export class CodeStore {
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly uses = new Map<string, number>();
  private readonly rooms = new Map<string, number>();
  private readonly names = new Map<string, string>();
  private readonly shared = new SharedFiles();
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
   * @param exec its text is read only if its id is not known, or if it is not unpacked any more
   * @throws ZipError; DiskFullError, which says how much is needed
   */
  async prepare(exec: Pick<ActionCode, 'code' | 'codeId'>, kind: string, compile: Compile): Promise<PreparedCode> {
    const id = exec.codeId === undefined ? undefined : `${exec.codeId} ${kind}`;
    const known = id === undefined ? undefined : this.names.get(id);
    let bytes: Buffer | undefined;
    const read = () => {
      bytes ??= Buffer.from(exec.code, 'base64');
      return bytes;
    };
    if (known === undefined && !isZip(read())) return { kind: 'source', source: read().toString('utf8') };
    const name = known ?? nameOf(read(), kind);
    if (id !== undefined) this.remember(id, name);
    const unpacked = this.use(name);
    try {
      let making = this.underWay.get(name);
      if (!making) {
        making = this.make(read, unpacked.folder, compile).finally(() => this.underWay.delete(name));
        this.underWay.set(name, making);
      }
      await making;
    } catch (error) {
      unpacked.release();
      throw error;
    }
    return unpacked;
  }

  private use(name: string): UnpackedCode {
    this.uses.set(name, (this.uses.get(name) ?? 0) + 1);
    const release = () => {
      const left = (this.uses.get(name) ?? 1) - 1;
      this.uses.set(name, left);
      if (left === 0) void this.prune();
    };
    return { kind: 'folder', folder: path.join(this.folder, name), release, share: () => this.use(name) };
  }

  private remember(id: string, name: string): void {
    this.names.delete(id);
    this.names.set(id, name);
    if (this.names.size > REMEMBERED) this.names.delete(this.names.keys().next().value ?? '');
  }

  private async make(read: () => Buffer, folder: string, compile: Compile): Promise<void> {
    const now = new Date();
    const exists = await utimes(folder, now, now).then(
      () => true,
      () => false,
    );
    if (exists) return;
    const fresh = await mkdtemp(path.join(this.folder, 'new-')).catch(this.refuseFullDisk);
    const action = path.join(fresh, 'action');
    const files = this.shared.start(action);
    try {
      const bytes = read();
      const compiled = await compile(action, await unpack(bytes, action, files));
      const isAdded = compiled === undefined || (await unzip(compiled, action).then(...SETTLED));
      // Half of it is worse than none.
      if (!isAdded) await unpack(bytes, action, files);
      await rename(action, folder);
      files.settle(folder);
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

function nameOf(zip: Buffer, kind: string): string {
  return `${createHash('sha256').update(zip).digest('hex')}-${kind.replace(/[^a-z0-9.]/g, '-')}`;
}

const SETTLED = [() => true, () => false] as const;

async function unpack(bytes: Buffer, folder: string, files: FilesOfZip): Promise<string[]> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  return unzip(bytes, folder, files);
}
