/** One instance of a service, whatever it runs as: what there is to know of it, and how it gets ready. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** An instance that is ready. */
export interface Instance {
  /** Without a trailing slash. */
  readonly url: string;
  /** Process id of the service's first process. */
  readonly pid: number;
  /** Resolves when it has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** SIGTERM, then SIGKILL; resolves when it has ended. */
  stop(): Promise<void>;
}

/** Milliseconds: to get ready, and from SIGTERM to SIGKILL as on Cloud Run. */
const START_LIMIT = 120_000;
export const STOP_LIMIT = 10_000;
/** Lines of its output that are kept for an error. */
const LAST_WORDS = 10;

/** Passes on what an instance writes, and keeps the last of it. */
export class Output {
  private readonly words: string[] = [];

  /** @param log takes each line */
  constructor(private readonly log: (line: string) => void) {}

  /** Takes a stream; to be called before anything comes from it. */
  listen(stream: Readable): void {
    createInterface({ input: stream }).on('line', (line) => this.say(line));
  }

  /** Passes on a line, also one that it did not write. */
  say(line: string): void {
    this.log(line);
    this.words.push(line);
    if (this.words.length > LAST_WORDS) this.words.shift();
  }

  get lastWords(): string {
    return this.words.join(' ').trim() || 'it said nothing';
  }
}

/**
 * Resolves when an instance is ready.
 * @throws Error with its last words when it ends before, or takes too long; it is stopped then
 */
export async function untilReady({ url, ended, stop }: Omit<Instance, 'pid'>, output: Output): Promise<void> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const deadline = performance.now() + START_LIMIT;
  // Nobody answers at the address of a container that is gone, not even with a refusal.
  while (!(await Promise.race([isReady(url), ended.then(() => false)]))) {
    if (isOver || performance.now() > deadline) {
      await stop();
      throw new Error(`the service never became ready: ${output.lastWords}`);
    }
    await sleep(10);
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(5_000) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
