/** The database under the data directory: opening, owning, writing, closing. */
import { chmodSync, mkdirSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { type Database, type Key, open, type RootDatabase, TransactionFlags } from 'lmdb';
import { formatOwner, isAlive, parseOwner, thisProcess } from './owner';

/** Why the store could not be opened or written, in words for the one who started the platform. */
export class StoreError extends Error {
  constructor(
    readonly code: 'STORE_LOCKED' | 'STORE_UNUSABLE' | 'STORE_FULL' | 'STORE_CLOSED',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'StoreError';
  }
}

/** A table of texts by key. */
export type Table<K extends Key> = Database<string, K>;

// Flags of lmdb-js for a transaction that can be aborted and is committed on return, while the flush to the disk follows
// in the background (its `putSync` does the same): a killed process loses nothing, and no request waits for the disk.
const COMMIT_NOW_FLUSH_LATER =
  TransactionFlags.ABORTABLE | TransactionFlags.SYNCHRONOUS_COMMIT | TransactionFlags.NO_SYNC_FLUSH;

/** `sync` is public in lmdb-js but missing in its types. */
interface Flushable {
  sync(done: (error?: Error | null) => void): void;
}

const OWNER = 'owner';

export class Environment {
  private flushing: Promise<void> | undefined;
  private closed = false;

  private constructor(
    private readonly root: RootDatabase<string, string> & Flushable,
    private readonly directory: string,
  ) {}

  /**
   * Opens (or makes) the database in `dataDir/store` and takes it for this process.
   * @throws StoreError when another process has it, or the directory cannot be used
   */
  static open(dataDir: string): Environment {
    const directory = path.join(dataDir, 'store');
    let environment: Environment;
    try {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      chmodSync(directory, 0o700);
      const root = open<string, string>({ path: directory, maxDbs: 12, encoding: 'string' });
      environment = new Environment(root as RootDatabase<string, string> & Flushable, directory);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new StoreError(
        'STORE_UNUSABLE',
        `Cannot open the store in ${directory}: ${why}. Check that the directory is writable and its disk has room, or name another data directory.`,
        { cause: error },
      );
    }
    try {
      environment.takeOwnership();
    } catch (error) {
      void environment.root.close();
      throw error;
    }
    return environment;
  }

  private takeOwnership(): void {
    const self = thisProcess();
    this.write(() => {
      const owner = parseOwner(this.root.get(OWNER));
      // The same process may not open it twice either: two servers would each believe their own memory.
      if (owner && isAlive(owner)) {
        throw new StoreError(
          'STORE_LOCKED',
          `The data directory ${path.dirname(this.directory)} is in use by another platform (process ${owner.pid}). Stop that one, or name another data directory.`,
        );
      }
      this.root.put(OWNER, formatOwner(self));
    });
  }

  /** A table of its own within the database. */
  table<K extends Key>(name: string): Table<K> {
    return this.root.openDB<string, K>({ name, encoding: 'string' });
  }

  /**
   * Writes all that `action` puts and removes as one transaction, which is committed when this returns.
   * @throws StoreError when nothing was written; whatever `action` throws aborts the transaction
   */
  write(action: () => void): void {
    if (this.closed) throw new StoreError('STORE_CLOSED', 'The store is closed: the platform is stopping.');
    let inner: unknown;
    try {
      this.root.transactionSync(() => {
        try {
          action();
        } catch (error) {
          inner = error;
          throw error;
        }
      }, COMMIT_NOW_FLUSH_LATER);
    } catch (error) {
      if (error === inner) throw error;
      throw new StoreError('STORE_FULL', `Cannot write to the store in ${this.directory}: ${this.reason(error)}.`, {
        cause: error,
      });
    }
  }

  private reason(error: unknown): string {
    try {
      const { bavail, bsize } = statfsSync(this.directory);
      if (bavail * bsize < 1_048_576) return 'no space left on its disk; free some and try again';
    } catch {
      // The error itself has to do.
    }
    return error instanceof Error ? error.message : String(error);
  }

  /** Resolves when everything written so far is on the disk. Calls made meanwhile share one flush. */
  async flushed(): Promise<void> {
    if (this.closed) return;
    // A flush under way may have begun before the caller's write: wait for it, then for one that begins now.
    const earlier = this.flushing;
    if (earlier) await earlier.catch(() => undefined);
    this.flushing ??= new Promise<void>((resolve, reject) => {
      this.root.sync((error) => (error ? reject(error) : resolve()));
    }).finally(() => {
      this.flushing = undefined;
    });
    await this.flushing;
  }

  /** Gives the database back and closes it. */
  async close(): Promise<void> {
    if (this.closed) return;
    try {
      this.write(() => void this.root.remove(OWNER));
      await this.flushed();
    } finally {
      this.closed = true;
      await this.root.close();
    }
  }
}
