/** All photographs, what is made of them, and what can be asked of all. */
import { Album } from './album';
import { announce } from './announce';
import type { LargeWay } from './check';
import { downloadAll } from './download';
import { findFault } from './first-bytes';
import { Item } from './item';
import { Network } from './network';
import { makeSortable, step } from './order';
import { part } from './part';
import type { Settings } from './settings';
import { Singles } from './singles';
import { showTotal, showWords } from './total';
import { ALBUM, SPOKEN, STATE } from './words';

/** The list and its buttons. */
export class List {
  private readonly items = new Map<Element, Item>();
  private readonly singles: Singles;
  private readonly album = new Album(() => this.count());
  private readonly network = new Network(() => (this.settings.one ? this.album.retry() : this.singles.retry(true)));
  private settings: Settings = { one: false, asked: {} };
  private readonly list = part(document, '#list', HTMLElement);
  private readonly section = part(document, '#results', HTMLElement);
  private readonly title = part(document, '#results-title', HTMLElement);
  private readonly how = part(document, '#how', HTMLButtonElement);
  private readonly retry = part(document, '#retry-all', HTMLButtonElement);
  private readonly all = part(document, '#download-all', HTMLButtonElement);
  private readonly clear = part(document, '#clear', HTMLButtonElement);

  /** @param empty called when the last item was removed: somebody has to take the focus */
  constructor(
    large: LargeWay,
    private readonly empty: () => void,
  ) {
    this.singles = new Singles(large, () => this.count());
    this.how.addEventListener('click', () => {
      this.how.ariaChecked = String(!this.isDetailed());
      this.album.detail(this.isDetailed());
      for (const item of this.items.values()) item.detail(this.isDetailed());
    });
    this.retry.addEventListener('click', () => {
      this.title.focus();
      this.singles.retry();
    });
    this.all.addEventListener('click', () => {
      void downloadAll(this.ordered().flatMap((item) => this.singles.find(item) ?? []));
    });
    this.clear.addEventListener('click', () => this.removeAll());
    makeSortable(this.list, { isOn: () => this.settings.one, moved: (row) => this.moved(row) });
  }

  /** Adds photographs, and begins. */
  add(files: readonly File[]): void {
    for (const file of files) {
      const requests = {
        again: () => this.singles.begin(item),
        remove: () => this.remove(item),
        move: (by: -1 | 1) => step(item.element, by, { moved: (row) => this.moved(row) }),
      };
      const item = new Item(file, requests, this.isDetailed());
      this.items.set(item.element, item);
      this.list.append(item.element);
      void findFault(file).then((fault) => fault === undefined && item.picture());
      if (!this.settings.one) this.singles.begin(item);
    }
    if (this.settings.one) this.rearrange();
    if (files.length > 1) announce(SPOKEN.chosen(files.length));
  }

  /** What is made is to be like this from now on, also of what is there. */
  set(settings: Settings): void {
    this.settings = settings;
    this.list.classList.toggle('sortable', settings.one);
    this.title.textContent = settings.one ? STATE.onePdf : STATE.pdfs;
    if (settings.one) {
      this.singles.rest();
      this.rearrange();
    } else {
      this.album.rest();
      this.singles.want(this.ordered(), settings.asked);
    }
    this.count();
  }

  /** Whether anything is under way, or waits for the network. */
  hasWork(): boolean {
    return this.settings.one ? this.album.hasWork() : this.singles.hasWork();
  }

  private isDetailed(): boolean {
    return this.how.ariaChecked === 'true';
  }

  private ordered(): Item[] {
    return [...this.list.children].flatMap((row) => this.items.get(row) ?? []);
  }

  /** The pages of the album are others, or in another order. */
  private rearrange(): void {
    const items = this.ordered();
    for (const [at, item] of items.entries()) item.stands(at === 0, at === items.length - 1);
    this.album.want(items, this.settings.asked);
  }

  private moved(row: HTMLElement): void {
    this.rearrange();
    const item = this.items.get(row);
    const items = this.ordered();
    if (item !== undefined) announce(SPOKEN.moved(item.file.name, items.indexOf(item) + 1, items.length), this.list);
  }

  private remove(item: Item): void {
    const neighbour = item.element.nextElementSibling ?? item.element.previousElementSibling;
    this.forget(item);
    if (this.settings.one) this.rearrange();
    this.count();
    announce(SPOKEN.removed(item.file.name));
    if (neighbour instanceof HTMLElement) neighbour.focus();
    else this.empty();
  }

  private removeAll(): void {
    for (const item of this.items.values()) this.forget(item);
    if (this.settings.one) this.rearrange();
    this.count();
    announce(SPOKEN.empty);
    this.empty();
  }

  private forget(item: Item): void {
    this.singles.drop(item);
    this.album.drop(item);
    this.items.delete(item.element);
    item.remove();
  }

  private count(): void {
    const all = this.items.size;
    const { one } = this.settings;
    const { done, failed, underWay, again } = this.singles.count();
    if (one) showWords(all === 0 ? '' : ALBUM.count(all));
    else showTotal({ all, done, failed, underWay });
    this.section.hidden = all === 0;
    this.retry.hidden = one || again < 2;
    this.all.hidden = one || done < 2;
    this.clear.hidden = (one ? this.album.hasWork() : underWay > 0) || all < 2;
    if (!one && underWay > 0) return;
    if (this.hasWork()) this.network.watch();
    else this.network.rest();
  }
}
