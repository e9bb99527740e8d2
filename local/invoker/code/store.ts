/**
 * Unpacked zips by the digest of their bytes, below `code/` of the data folder: an action's second start, also after the
 * platform's, needs no unpacking. An entry appears whole or not at all.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { RuntimeDescription } from '../runtimes/runtime';
import { isZip, unzip, ZipError } from './unzip';

const run = promisify(execFile);
/** Entries that stay although no sandbox uses them. */
const MAX_ENTRIES = 64;
const COMPILE_PATIENCE = 60_000;

/** What the code of a binary action turned out to be. */
export type PreparedCode =
  | { readonly kind: 'folder'; readonly folder: string; readonly digest: string; release(): void }
  | { readonly kind: 'source'; readonly source: string };

export class CodeStore {
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly uses = new Map<string, number>();
  private readonly folder: string;

  constructor(dataDir: string) {
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
   * Unpacks the base64 of a zip, or finds it unpacked; `release` says that no sandbox uses it any more. Binary code that is
   * no zip is source text, as OpenWhisk's runtimes have it.
   * @throws ZipError
   */
  async prepare(code: string, runtime: RuntimeDescription): Promise<PreparedCode> {
    const bytes = Buffer.from(code, 'base64');
    if (!isZip(bytes)) return { kind: 'source', source: bytes.toString('utf8') };
    const hash = createHash('sha256').update(bytes).digest('hex');
    const name = `${hash}-${runtime.kind.replace(/[^a-z0-9.]/g, '-')}`;
    this.uses.set(name, (this.uses.get(name) ?? 0) + 1);
    const release = () => void this.uses.set(name, (this.uses.get(name) ?? 1) - 1);
    const folder = path.join(this.folder, name);
    try {
      let making = this.underWay.get(name);
      if (!making) {
        making = this.make(bytes, folder, runtime).finally(() => this.underWay.delete(name));
        this.underWay.set(name, making);
      }
      await making;
    } catch (error) {
      release();
      throw error;
    }
    return { kind: 'folder', folder, digest: hash, release };
  }

  private async make(bytes: Buffer, folder: string, runtime: RuntimeDescription): Promise<void> {
    const now = new Date();
    const exists = await utimes(folder, now, now).then(
      () => true,
      () => false,
    );
    if (exists) return;
    const fresh = await mkdtemp(path.join(this.folder, 'new-'));
    const action = path.join(fresh, 'action');
    try {
      await mkdir(action);
      await unzip(bytes, action);
      await precompile(action, runtime);
      await rename(action, folder);
    } catch (error) {
      if (error instanceof ZipError) throw error;
      throw new ZipError(`The zip cannot be unpacked here: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
    await this.prune();
  }

  /** Removes the entries that were not asked for the longest. */
  private async prune(): Promise<void> {
    const entries = (await readdir(this.folder)).filter((name) => !name.startsWith('new-') && !this.uses.get(name));
    if (entries.length <= MAX_ENTRIES) return;
    const aged = await Promise.all(
      entries.map(async (name) => ({ name, at: (await stat(path.join(this.folder, name))).mtimeMs })),
    );
    aged.sort((a, b) => a.at - b.at);
    for (const { name } of aged.slice(0, aged.length - MAX_ENTRIES)) {
      await rm(path.join(this.folder, name), { recursive: true, force: true });
    }
  }
}

/**
 * Compiles Python to bytecode once, since the sandboxes see the folder read-only and would compile at each start. Compiling
 * runs nothing of the code. A file that does not compile is no failure here: the action says so when it is loaded.
 */
async function precompile(folder: string, runtime: RuntimeDescription): Promise<void> {
  const args = runtime.precompile?.(folder);
  if (!args) return;
  const options = { timeout: COMPILE_PATIENCE, killSignal: 'SIGKILL' as const, env: {}, cwd: '/' };
  await run('/bin/sh', ['-c', 'umask 022; exec "$@"', 'sh', runtime.executable, ...args], options).catch(() => {});
}
