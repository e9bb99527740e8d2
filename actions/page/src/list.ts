/** All photographs: a few at a time are converted, and the page says how many are done. */
import pLimit from 'p-limit';
import { announce } from './announce';
import { convert, type LargeWay } from './convert';
import { findFault } from './first-bytes';
import { Item } from './item';
import { part } from './part';
import { Refusal } from './refusal';
import { FAULT, SPOKEN, STATE } from './words';

/** Conversions at a time: a browser opens six connections to a host, and an OpenWhisk of a lab runs eight at a time. */
const AT_A_TIME = 3;

type Outcome = 'under way' | 'done' | 'failed';

/** What has become of an item, and how to end what is under way. */
interface Run {
  readonly outcome: Outcome;
  readonly abort: AbortController;
}

/** The list and its buttons. */
export class List {
  private readonly items = new Map<Item, Run>();
  private readonly turn = pLimit(AT_A_TIME);
  private readonly list = part(document, '#list', HTMLElement);
  private readonly section = part(document, '#results', HTMLElement);
  private readonly tally = part(document, '#tally', HTMLElement);
  private readonly all = part(document, '#download-all', HTMLButtonElement);
  private readonly clear = part(document, '#clear', HTMLButtonElement);

  /** @param empty called when the last item was removed: somebody has to take the focus */
  constructor(
    private readonly large: LargeWay,
    private readonly empty: () => void,
  ) {
    this.all.addEventListener('click', () => this.downloadAll());
    this.clear.addEventListener('click', () => this.removeAll());
  }

  /** Adds photographs, and begins. */
  add(files: readonly File[]): void {
    for (const file of files) {
      const item = new Item(file, { again: () => this.again(item), remove: () => this.remove(item) });
      this.list.append(item.element);
      void findFault(file).then((fault) => fault === undefined && item.picture());
      this.begin(item);
    }
    if (files.length > 1) announce(SPOKEN.chosen(files.length));
  }

  private begin(item: Item): void {
    item.waits();
    const abort = new AbortController();
    this.note(item, { outcome: 'under way', abort });
    void this.turn(() => this.run(item, abort));
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
      this.note(item, { outcome: 'done', abort });
      announce(SPOKEN.ready(name));
    } catch (error) {
      if (signal.aborted) return;
      const refusal = error instanceof Refusal ? error : new Refusal(FAULT.page, true, String(error));
      item.fails(refusal, took());
      this.note(item, { outcome: 'failed', abort });
      announce(SPOKEN.failed(name, refusal.message));
    }
  }

  private again(item: Item): void {
    // The button is about to go, and the focus with it.
    item.element.focus();
    this.begin(item);
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

  private downloadAll(): void {
    const done = [...this.items].filter(([, { outcome }]) => outcome === 'done');
    // One after the other: a browser drops downloads that begin in the same instant.
    done.forEach(([item], index) => {
      setTimeout(() => item.download(), index * 250);
    });
  }

  private note(item: Item, run: Run): void {
    this.items.set(item, run);
    this.count();
  }

  private count(): void {
    const outcomes = [...this.items.values()].map(({ outcome }) => outcome);
    const of = (outcome: Outcome) => outcomes.filter((one) => one === outcome).length;
    this.section.hidden = outcomes.length === 0;
    this.tally.textContent = STATE.tally(of('done'), outcomes.length, of('failed'));
    this.all.hidden = of('done') < 2;
    this.clear.hidden = of('under way') > 0 || outcomes.length < 2;
  }
}
