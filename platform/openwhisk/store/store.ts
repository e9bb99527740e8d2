/** The whole store of a platform, opened and closed as one. */
import { ActivationStore, type Retention } from './activations';
import { ApiStore } from './apis';
import { CodeStore } from './code';
import { EntityStore } from './entities';
import { Environment, type Puts } from './environment';
import { damagedError, openingError } from './errors';
import { EventStore } from './events';
import { QueueStore } from './queue';

/** Where the store is, and how much of the past it keeps. */
export interface StoreOptions {
  /** Directory of the platform; the store makes `store/` in it. */
  readonly dataDir: string;
  readonly retention?: Partial<Retention>;
}

/** A week; what memory can list and a gigabyte of disk; and ten minutes of the busiest load in any case. */
const DEFAULT_RETENTION: Retention = {
  maxAgeMs: 7 * 24 * 3_600_000,
  maxCount: 20_000,
  maxSize: 2 ** 30,
  minAgeMs: 600_000,
};

/** The tables of the platform in one database: each is read by itself, `commit` changes several of them together. */
export class Store {
  readonly code: CodeStore;
  readonly entities: EntityStore;
  readonly queue: QueueStore;
  readonly activations: ActivationStore;
  readonly apis: ApiStore;
  readonly events: EventStore;

  private constructor(
    private readonly environment: Environment,
    retention: Retention,
  ) {
    this.code = new CodeStore(environment);
    this.entities = new EntityStore(environment, this.code);
    this.queue = new QueueStore(environment);
    this.activations = new ActivationStore(environment, retention);
    this.apis = new ApiStore(environment);
    this.events = new EventStore(environment);
  }

  /**
   * Opens the store of a data directory for this process alone.
   * @throws StoreError when another process has it, it is damaged or it cannot be used
   */
  static open({ dataDir, retention }: StoreOptions): Store {
    const environment = Environment.open(dataDir);
    try {
      return new Store(environment, { ...DEFAULT_RETENTION, ...retention });
    } catch (error) {
      void environment.close().catch(() => undefined);
      // What was written as JSON and is none: the pages are sound, what is on them is not.
      if (error instanceof SyntaxError) throw damagedError(environment.directory, `a record in it is not JSON`, error);
      throw openingError(environment.directory, error);
    }
  }

  /**
   * One transaction over all tables, together with those of others who come meanwhile. See `Environment.commit`.
   * @throws StoreError when it cannot be written
   */
  commit(action: () => void, puts?: Puts): Promise<void> {
    return this.environment.commit(action, puts);
  }

  /** Resolves when everything committed so far is on the disk. */
  flush(): Promise<void> {
    return this.environment.flush();
  }

  /** Closes the database and gives the data directory back. */
  close(): Promise<void> {
    return this.environment.close();
  }
}
