/** The database under the data directory: opening, owning, writing, closing. */
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { type Database, type Key, open, type RootDatabase } from 'lmdb';
import { isAlive, readOwnIdentity } from '../../../sandbox/processes/process-identity';
import { FILES, markMade, prepareDirectory } from './directory';
import { closedError, fullError, openingError, StoreError, writingError } from './errors';
import { formatOwner, parseOwner } from './owner';
import { Reserve } from './room';

/** A table of texts by key; and one whose texts are held as bytes, in UTF-8. In the database there is no difference. */
export type Table<K extends Key> = Database<string, K>;
export type BytesTable<K extends Key> = Database<Buffer, K>;

/** Two pages for each text: its last page is not full, and the page that refers to it is written or split. */
const PUT_BYTES = 8192;

/** Bytes that the database writes for texts. */
export function bytesOf(texts: Iterable<string | Buffer>): number {
  let sum = 0;
  for (const text of texts) sum += Buffer.byteLength(text) + PUT_BYTES;
  return sum;
}

/** `sync` is public in lmdb-js but missing in its types. */
type Flushable = { sync(done: (error?: Error | null) => void): void };

const OWNER = 'owner';

/** Bytes that a transaction writes besides what it is given: pages of the trees and of free space; and an action in it. */
const TRANSACTION_BYTES = 128 * 1024;
const ACTION_BYTES = 48 * 1024;
/** What is written as one transaction, at most; a single action may be larger. */
const GROUP_ACTIONS = 64;
const GROUP_BYTES = 8 * 1024 * 1024;

/** Bytes of the texts that an action puts; or that it only removes, which also a full disk has room for. */
export type Puts = number | 'nothing';

/** A change that waits for its commit. */
interface Waiting {
  readonly action: () => void;
  readonly puts: Puts;
  readonly resolve: () => void;
  readonly reject: (error: StoreError) => void;
}

/** How the database tells of a commit that failed: with a second promise that must be heard too. */
interface CommitFailure extends Error {
  readonly commitError?: Promise<never>;
}

function bytesIn(puts: Puts): number {
  return puts === 'nothing' ? 0 : puts;
}

function settle(group: readonly Waiting[], failure: StoreError | undefined): void {
  for (const { resolve, reject } of group) failure === undefined ? resolve() : reject(failure);
}

/** The open database, owned by this process until `close`; the tables of the store write through it. */
export class Environment {
  private flushing: Promise<void> | undefined;
  private waiting: Waiting[] = [];
  private committing: Promise<void> | undefined;
  private closed = false;
  private readonly reserve: Reserve;

  private constructor(
    private readonly root: RootDatabase<string, string> & Flushable,
    /** The directory of the database. */
    readonly directory: string,
  ) {
    this.reserve = new Reserve(directory, () => {
      const { pageSize, lastPageNumber } = root.getStats() as { pageSize: number; lastPageNumber: number };
      return (lastPageNumber + 1) * pageSize;
    });
  }

  /**
   * Opens (or makes) the database in `dataDir/store` and takes it for this process.
   * @throws StoreError when another process has it, it is damaged, or the directory cannot be used
   */
  static open(dataDir: string): Environment {
    const directory = path.join(dataDir, 'store');
    let environment: Environment;
    try {
      prepareDirectory(directory);
      // Without batching by event turn every promise of a write is ours to handle, also when the disk is full.
      const root = open<string, string>({ path: directory, maxDbs: 12, encoding: 'string', eventTurnBatching: false });
      environment = new Environment(root as RootDatabase<string, string> & Flushable, directory);
      for (const file of FILES) chmodSync(path.join(directory, file), 0o600);
    } catch (error) {
      throw openingError(directory, error);
    }
    try {
      environment.takeOwnership();
      markMade(directory);
    } catch (error) {
      void environment.root.close();
      throw error;
    }
    return environment;
  }

  private takeOwnership(): void {
    const self = readOwnIdentity();
    this.write(() => {
      const owner = parseOwner(this.root.get(OWNER));
      // The same process may not open it twice either: two servers would each believe their own memory.
      if (owner && isAlive(owner)) {
        throw new StoreError(
          'STORE_LOCKED',
          `The data folder ${path.dirname(this.directory)} is in use by another local platform (process ${owner.pid}). Stop that one, or name another data folder.`,
        );
      }
      this.root.put(OWNER, formatOwner(self));
      // A note of some bytes may take the last room.
    }, 'nothing');
  }

  /** A table of its own within the database. */
  table<K extends Key>(name: string): Table<K> {
    return this.root.openDB<string, K>({ name, encoding: 'string' });
  }

  /** The same for texts that are bytes already. */
  bytesTable<K extends Key>(name: string): BytesTable<K> {
    return this.root.openDB<Buffer, K>({ name, encoding: 'binary' });
  }

  /**
   * Writes all that `action` puts and removes as one transaction, which is on the disk when this returns. The process
   * waits meanwhile: for changes by hand, not for every invocation.
   * @param puts bytes, unless they are few
   * @throws StoreError when nothing was written; whatever `action` throws aborts the transaction
   */
  write(action: () => void, puts: Puts = 0): void {
    if (this.closed) throw closedError();
    const end = this.takeRoom([puts]);
    let inner: unknown;
    try {
      this.root.transactionSync(() => {
        try {
          action();
        } catch (error) {
          inner = error;
          throw error;
        }
      });
    } catch (error) {
      if (inner !== undefined && error === inner) throw error;
      throw writingError(this.directory, error);
    } finally {
      end();
    }
  }

  /** @returns what to call when the transaction has ended. @throws StoreError when the disk is full */
  private takeRoom(actions: readonly Puts[]): () => void {
    const bytes = actions.reduce((sum: number, puts) => sum + ACTION_BYTES + bytesIn(puts), TRANSACTION_BYTES);
    const removes = actions.every((puts) => puts === 'nothing');
    const end = this.reserve.take(bytes, removes);
    if (end === undefined) throw fullError(this.directory);
    return end;
  }

  /**
   * Writes all that `action` puts and removes, with that of others who come meanwhile, as one transaction beside the
   * event loop. Once this resolves it outlives the process; after `flush` also the machine.
   * @param action must not throw
   * @param puts bytes, unless they are few
   * @throws StoreError when nothing was written
   */
  commit(action: () => void, puts: Puts = 0): Promise<void> {
    if (this.closed) return Promise.reject(closedError());
    return new Promise((resolve, reject) => {
      this.waiting.push({ action, puts, resolve, reject });
      this.committing ??= this.commitAll();
    });
  }

  private async commitAll(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.takeGroup();
      const failure = await this.commitGroup(group);
      if (failure?.code !== 'STORE_FULL' || group.length === 1) settle(group, failure);
      // Those that have room do not fail with those that have none.
      else for (const one of group) settle([one], await this.commitGroup([one]));
    }
    // In the same step as the last look at `waiting`: whoever comes next must begin anew.
    this.committing = undefined;
  }

  /** The next of those that wait, as many as go into one transaction. */
  private takeGroup(): Waiting[] {
    let bytes = 0;
    const end = this.waiting.findIndex((waiting, at) => {
      bytes += bytesIn(waiting.puts);
      return at > 0 && (at >= GROUP_ACTIONS || bytes > GROUP_BYTES);
    });
    return this.waiting.splice(0, end === -1 ? this.waiting.length : end);
  }

  /** @returns why nothing was written, if so */
  private async commitGroup(group: readonly Waiting[]): Promise<StoreError | undefined> {
    let end: (() => void) | undefined;
    try {
      end = this.takeRoom(group.map(({ puts }) => puts));
      await this.root.transaction(() => {
        for (const { action } of group) action();
      });
      return undefined;
    } catch (error) {
      (error as CommitFailure).commitError?.catch(() => undefined);
      return error instanceof StoreError ? error : writingError(this.directory, error);
    } finally {
      end?.();
    }
  }

  /** Resolves when everything committed so far is on the disk. Calls made meanwhile share one flush. */
  async flush(): Promise<void> {
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
      await this.committing;
      this.write(() => void this.root.remove(OWNER), 'nothing');
    } finally {
      this.closed = true;
      await this.root.close();
    }
  }
}
