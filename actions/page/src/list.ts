/** All photographs: a few at a time are converted, and what can be asked of all of them. */
import pLimit from 'p-limit';
import { announce } from './announce';
import { convert, type LargeWay } from './convert';
import { downloadAll, type Finished } from './download';
import { findFault } from './first-bytes';
import { Item } from './item';
import { Network } from './network';
import { part } from './part';
import { Refusal, Unreachable } from './refusal';
import { showTotal } from './total';
import { FAULT, SPOKEN } from './words';

/** Conversions at a time: a browser opens six connections to a host, and an OpenWhisk of a lab runs eight at a time. */
const AT_A_TIME = 3;

/** What has become of an item, and how to end what is under way. */
interface Run {
  readonly outcome: 'under way' | Blob | Refusal;
  readonly abort: AbortController;
}

/** The list and its buttons. */
export class List {
  private readonly items = new Map<Item, Run>();
  private readonly turn = pLimit(AT_A_TIME);
  private readonly network = new Network(() => this.beginAll(({ outcome }) => outcome instanceof Unreachable));
  private readonly list = part(document, '#list', HTMLElement);
  private readonly section = part(document, '#results', HTMLElement);
  private readonly title = part(document, '#results-title', HTMLElement);
  private readonly how = part(document, '#how', HTMLButtonElement);
  private readonly retry = part(document, '#retry-all', HTMLButtonElement);
  private readonly all = part(document, '#download-all', HTMLButtonElement);
  private readonly clear = part(document, '#clear', HTMLButtonElement);

  /** @param empty called when the last item was removed: somebody has to take the focus */
  constructor(
    private readonly large: LargeWay,
    private readonly empty: () => void,
  ) {
    this.how.addEventListener('click', () => {
      this.how.ariaChecked = String(!this.isDetailed());
      for (const item of this.items.keys()) item.detail(this.isDetailed());
    });
    this.retry.addEventListener('click', () => {
      this.title.focus();
      this.beginAll(canTryAgain);
    });
    this.all.addEventListener('click', () => void downloadAll(this.finished()));
    this.clear.addEventListener('click', () => this.removeAll());
  }

  /** Adds photographs, and begins. */
  add(files: readonly File[]): void {
    for (const file of files) {
      const requests = { again: () => this.begin(item), remove: () => this.remove(item) };
      const item = new Item(file, requests, this.isDetailed());
      this.list.append(item.element);
      void findFault(file).then((fault) => fault === undefined && item.picture());
      this.begin(item);
    }
    if (files.length > 1) announce(SPOKEN.chosen(files.length));
  }

  /** Whether a photograph waits, for its turn or for the network, or is under way. */
  hasWork(): boolean {
    return [...this.items.values()].some(({ outcome }) => outcome === 'under way' || outcome instanceof Unreachable);
  }

  private isDetailed(): boolean {
    return this.how.ariaChecked === 'true';
  }

  private begin(item: Item): void {
    item.waits();
    const abort = new AbortController();
    this.note(item, { outcome: 'under way', abort });
    void this.turn(() => this.run(item, abort));
  }

  private beginAll(which: (run: Run) => boolean): void {
    for (const [item, run] of [...this.items]) if (which(run)) this.begin(item);
  }

  private async run(item: Item, abort: AbortController): Promise<void> {
    const { signal } = abort;
    if (signal.aborted) return;
    const { name } = item.file;
    const start = performance.now();
    const took = () => performance.now() - start;
    try {
      const made = await convert(item.file, this.large, { progress: (stage) => item.works(stage), signal });
      if (signal.aborted) return;
      item.succeeds(made, took());
      this.note(item, { outcome: made.pdf, abort });
      announce(SPOKEN.ready(name));
    } catch (error) {
      if (signal.aborted) return;
      const refusal = error instanceof Refusal ? error : new Refusal(FAULT.page, true, String(error));
      item.fails(refusal, took());
      this.note(item, { outcome: refusal, abort });
      announce(SPOKEN.failed(name, refusal.message));
    }
  }

  private remove(item: Item): void {
    const neighbour = item.element.nextElementSibling ?? item.element.previousElementSibling;
    this.items.get(item)?.abort.abort();
    this.items.delete(item);
    item.remove();
    this.count();
    announce(SPOKEN.removed(item.file.name));
    if (neighbour instanceof HTMLElement) neighbour.focus();
    else this.empty();
  }

  private removeAll(): void {
    for (const item of this.items.keys()) item.remove();
    this.items.clear();
    this.count();
    announce(SPOKEN.empty);
    this.empty();
  }

  private finished(): Finished[] {
    return [...this.items].flatMap(([{ file }, { outcome }]) =>
      outcome instanceof Blob ? [{ photograph: file.name, pdf: outcome }] : [],
    );
  }

  private note(item: Item, run: Run): void {
    this.items.set(item, run);
    this.count();
  }

  private count(): void {
    const runs = [...this.items.values()];
    const underWay = runs.filter(({ outcome }) => outcome === 'under way').length;
    const done = runs.filter(({ outcome }) => outcome instanceof Blob).length;
    showTotal({ all: runs.length, done, failed: runs.length - done - underWay, underWay });
    this.section.hidden = runs.length === 0;
    this.retry.hidden = runs.filter(canTryAgain).length < 2;
    this.all.hidden = done < 2;
    this.clear.hidden = underWay > 0 || runs.length < 2;
    if (underWay > 0) return;
    if (this.hasWork()) this.network.watch();
    else this.network.rest();
  }
}

function canTryAgain({ outcome }: Run): boolean {
  return outcome instanceof Refusal && outcome.again;
}
