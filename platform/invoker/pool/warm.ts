/** Idle containers that are initialized, kept for the next invocation of the same action, and paused while they wait. */
import type { Container } from './container';

/** An initialized container. */
export interface WarmContainer {
  readonly container: Container;
  /** Of `ExecutableKeys`. */
  readonly key: string;
  /** Namespace and name of the action, whatever its version. */
  readonly action: string;
  readonly revision: string;
  /** Bytes that the whole tree may hold. */
  readonly memory: number;
}

interface Idle extends WarmContainer {
  readonly since: number;
  /** Pauses it. */
  readonly pausing: NodeJS.Timeout;
}

/** Idle containers in the order of their last use; bounded in number and in age. */
export class WarmContainers {
  private idle: Idle[] = [];

  /**
   * `maximum`: how many stay idle; `age`: for how many milliseconds at most; `grace`: milliseconds until one is paused;
   * `end` destroys one.
   */
  constructor(
    private readonly maximum: number,
    private readonly age: number,
    private readonly grace: number,
    private readonly destroy: (entry: WarmContainer) => void,
  ) {}

  /** The one used last, whose caches are warmest. Older revisions of the action end here: they will not be asked for. */
  take(key: string, action: string, revision: string): WarmContainer | undefined {
    let found: Idle | undefined;
    const kept: Idle[] = [];
    for (const entry of this.idle) {
      if (!entry.container.usable || (entry.action === action && entry.revision !== revision)) this.end(entry);
      else if (entry.key !== key) kept.push(entry);
      else {
        if (found) kept.push(found);
        found = entry;
      }
    }
    this.idle = kept;
    if (found === undefined) return undefined;
    clearTimeout(found.pausing);
    found.container.resume();
    return found;
  }

  /** Keeps one; the one idle for longest makes room. */
  put(entry: WarmContainer, now: number): void {
    const pausing = setTimeout(() => entry.container.pause(), this.grace);
    pausing.unref();
    this.idle.push({ ...entry, since: now, pausing });
    while (this.idle.length > this.maximum) {
      const oldest = this.idle.shift();
      if (oldest) this.end(oldest);
    }
  }

  /** Ends those that are too old, and what died in its sleep. */
  evict(now: number): void {
    const [kept, gone] = [[] as Idle[], [] as Idle[]];
    for (const entry of this.idle) (entry.container.usable && now - entry.since < this.age ? kept : gone).push(entry);
    this.idle = kept;
    for (const entry of gone) this.end(entry);
  }

  /** All that are idle, the one idle for longest first. */
  entries(): readonly WarmContainer[] {
    return this.idle;
  }

  /** Gives all away without ending them. */
  clear(): WarmContainer[] {
    const all = this.idle;
    this.idle = [];
    for (const { pausing } of all) clearTimeout(pausing);
    return all;
  }

  private end(entry: Idle): void {
    clearTimeout(entry.pausing);
    this.destroy(entry);
  }
}
