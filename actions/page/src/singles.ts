/** A PDF of each photograph: a few at a time are converted. */
import pLimit from 'p-limit';
import { announce } from './announce';
import type { Made } from './by-body';
import type { LargeWay } from './check';
import { convert } from './convert';
import type { Finished } from './download';
import type { Item } from './item';
import { asRefusal, Refusal, Unreachable } from './refusal';
import type { Asked } from './settings';
import { SPOKEN } from './words';

/** Conversions at a time: a browser opens six connections to a host, and an OpenWhisk of a lab runs eight at a time. */
const AT_A_TIME = 3;

/** A PDF that is there, and how many milliseconds it took. */
interface Done {
  readonly made: Made;
  readonly took: number;
}

/** What has become of a photograph, and how to end what is under way. */
interface Run {
  readonly outcome: 'under way' | Done | Refusal;
  readonly asked: Asked;
  readonly abort: AbortController;
}

/** Photographs by what has become of them. */
export interface Counts {
  readonly done: number;
  readonly failed: number;
  readonly underWay: number;
  /** Of those that failed, how many may be tried again. */
  readonly again: number;
}

/** The conversions. */
export class Singles {
  private readonly runs = new Map<Item, Run>();
  private readonly turn = pLimit(AT_A_TIME);
  private asked: Asked = {};

  /** @param changed called when anything has become of a photograph */
  constructor(
    private readonly large: LargeWay,
    private readonly changed: () => void,
  ) {}

  /** Begins with these. What is there already, as it is wanted now, stays. */
  want(items: readonly Item[], asked: Asked): void {
    this.asked = asked;
    for (const item of items) {
      const run = this.runs.get(item);
      const isThere =
        run !== undefined && run.outcome !== 'under way' && JSON.stringify(run.asked) === JSON.stringify(asked);
      if (isThere) this.show(item, run.outcome);
      else this.begin(item);
    }
  }

  /** Gives up what is under way. What is there stays. */
  rest(): void {
    for (const [item, run] of this.runs) if (run.outcome === 'under way') this.drop(item);
  }

  /** Converts, or tries again. */
  begin(item: Item): void {
    this.runs.get(item)?.abort.abort();
    item.waits();
    const run: Run = { outcome: 'under way', asked: this.asked, abort: new AbortController() };
    this.note(item, run);
    void this.turn(() => this.run(item, run));
  }

  /** Tries again what failed. @param forNetwork only what failed for lack of an answer */
  retry(forNetwork = false): void {
    for (const [item, { outcome }] of [...this.runs]) {
      if (outcome instanceof Refusal && (forNetwork ? outcome instanceof Unreachable : outcome.again)) this.begin(item);
    }
  }

  /** A photograph is not wanted any more. */
  drop(item: Item): void {
    this.runs.get(item)?.abort.abort();
    this.runs.delete(item);
  }

  /** Its PDF; undefined if there is none. */
  find(item: Item): Finished | undefined {
    const outcome = this.runs.get(item)?.outcome;
    if (outcome === undefined || outcome === 'under way' || outcome instanceof Refusal) return undefined;
    return { photograph: item.file.name, pdf: outcome.made.pdf };
  }

  /** Whether a photograph waits, for its turn or for the network, or is under way. */
  hasWork(): boolean {
    return [...this.runs.values()].some(({ outcome }) => outcome === 'under way' || outcome instanceof Unreachable);
  }

  count(): Counts {
    const outcomes = [...this.runs.values()].map(({ outcome }) => outcome);
    const underWay = outcomes.filter((outcome) => outcome === 'under way').length;
    const refusals = outcomes.filter((outcome) => outcome instanceof Refusal);
    const again = refusals.filter((refusal) => refusal.again).length;
    return { done: outcomes.length - underWay - refusals.length, failed: refusals.length, underWay, again };
  }

  private async run(item: Item, run: Run): Promise<void> {
    const { signal } = run.abort;
    if (signal.aborted) return;
    const start = performance.now();
    let outcome: Done | Refusal;
    try {
      const task = { progress: item.works.bind(item), asked: run.asked, signal };
      const made = await convert(item.file, this.large, task);
      outcome = { made, took: performance.now() - start };
    } catch (error) {
      outcome = asRefusal(error, { way: 'v1' });
    }
    if (signal.aborted) return;
    this.show(item, outcome);
    this.note(item, { ...run, outcome });
    const { name } = item.file;
    announce(outcome instanceof Refusal ? SPOKEN.failed(name, outcome.message) : SPOKEN.ready(name), item);
  }

  private show(item: Item, outcome: Exclude<Run['outcome'], 'under way'>): void {
    if (outcome instanceof Refusal) item.fails(outcome);
    else item.succeeds(outcome.made, outcome.took);
  }

  private note(item: Item, run: Run): void {
    this.runs.set(item, run);
    this.changed();
  }
}
