/** One PDF of all photographs: made when it is asked for, and out of date when order, photographs or settings change. */
import { ALBUM_PHOTOGRAPHS } from '../../../contract/options';
import { announce } from './announce';
import type { Made } from './by-body';
import { makeOne, type Page, uploadPages } from './by-names';
import { check } from './check';
import { Details } from './details';
import type { Item } from './item';
import { part } from './part';
import { asRefusal, Refusal, Unreachable } from './refusal';
import type { Asked } from './settings';
import { ALBUM, DETAILS, SPOKEN } from './words';

/** The album, and what is seen of it above the list. */
export class Album {
  private readonly box = part(document, '#album', HTMLElement);
  private readonly state = part(document, '#album-state', HTMLElement);
  private readonly hint = part(document, '#album-hint', HTMLElement);
  private readonly progress = part(document, '#album-progress', HTMLProgressElement);
  private readonly button = part(document, '#make', HTMLButtonElement);
  private readonly view = part(document, '#album-view', HTMLAnchorElement);
  private readonly download = part(document, '#album-download', HTMLAnchorElement);
  private readonly details = new Details(part(this.box, '.made', HTMLElement), false);
  /** Photographs as they are uploaded, so that another order needs no other upload. */
  private readonly pages = new Map<Item, Page>();
  private order: readonly Item[] = [];
  private asked: Asked = {};
  private work: AbortController | undefined;
  private failure: Refusal | undefined;
  private url = '';

  /** @param changed called when what `words` and `hasWork` tell has changed */
  constructor(private readonly changed: () => void) {
    this.button.addEventListener('click', () => {
      if (this.work === undefined) void this.make();
      else this.want(this.order, this.asked);
    });
    this.download.download = ALBUM.file;
  }

  /** These are its pages, in this order; what was made of others is out of date, what is under way is given up. */
  want(order: readonly Item[], asked: Asked): void {
    this.stop();
    this.order = order;
    this.asked = asked;
    this.box.hidden = false;
    for (const item of order) this.showPage(item);
    this.show(ALBUM.arranged(order.length));
    this.hint.hidden = false;
    this.offer(ALBUM.make);
  }

  /** It is not wanted any more. */
  rest(): void {
    this.stop();
    this.order = [];
    this.box.hidden = true;
  }

  /** A photograph is not wanted any more. */
  drop(item: Item): void {
    this.pages.delete(item);
  }

  /** Tells how it was made, or not any more. */
  detail(wanted: boolean): void {
    this.details.want(wanted);
  }

  /** Whether it is under way, or waits for the network. */
  hasWork(): boolean {
    return this.work !== undefined || this.failure instanceof Unreachable;
  }

  /** The network is back. */
  retry(): void {
    if (this.failure instanceof Unreachable) void this.make();
  }

  private async make(): Promise<void> {
    this.stop();
    const abort = new AbortController();
    this.work = abort;
    const { signal } = abort;
    const task = { asked: this.asked, signal };
    const start = performance.now();
    this.offer(ALBUM.stop);
    announce(SPOKEN.making(this.order.length), this);
    try {
      const pages = await this.findPages();
      if (signal.aborted) return;
      await uploadPages(pages, task, (there) =>
        this.showProgress(ALBUM.sending(there, pages.length), there / pages.length),
      );
      const progress = ({ doing }: { readonly doing: string }) =>
        this.showProgress(doing === 'fetching' ? ALBUM.fetching : ALBUM.making);
      progress({ doing: 'converting' });
      const { leftOut, ...made } = await makeOne(pages, { ...task, progress });
      if (signal.aborted) return;
      for (const [item, page] of this.pages) {
        const refusal = leftOut.get(page);
        if (refusal !== undefined) item.fails(refusal);
      }
      this.succeed(made, pages.length - leftOut.size, performance.now() - start);
    } catch (error) {
      if (!signal.aborted) this.fail(asRefusal(error, { way: 'v2' }), performance.now() - start);
    }
  }

  /** Those that can be pages. @throws Refusal when there are none, or too many */
  private async findPages(): Promise<Page[]> {
    const faults = await Promise.all(this.order.map(({ file }) => check(file, 'bucket')));
    const items = this.order.filter((_, at) => faults[at] === undefined);
    if (items.length === 0) throw new Refusal(ALBUM.none, false);
    if (items.length > ALBUM_PHOTOGRAPHS) throw new Refusal(ALBUM.tooMany(items.length, ALBUM_PHOTOGRAPHS), false);
    return items.map((item) => {
      const page = this.pages.get(item) ?? {
        file: item.file,
        place: undefined,
        sent: (part) => {
          // The list may be one of PDFs again.
          if (!this.order.includes(item)) return;
          if (part === undefined) item.isPage();
          else item.works({ doing: 'sending', part });
        },
      };
      this.pages.set(item, page);
      return page;
    });
  }

  private succeed(made: Made, pages: number, took: number): void {
    this.work = undefined;
    this.url = URL.createObjectURL(made.pdf);
    const left = this.order.length - pages;
    this.show(ALBUM.done(pages, made.pdf.size, left));
    this.box.dataset.state = left === 0 ? 'done' : 'partly';
    for (const link of [this.view, this.download]) {
      link.href = this.url;
      link.hidden = false;
    }
    // It is about to go, and the focus with it.
    if (this.button === document.activeElement) this.download.focus();
    this.button.hidden = true;
    this.details.tell({ trace: made, way: DETAILS.several, took, reencoded: made.reencoded });
    announce(SPOKEN.made(pages, left), this);
  }

  private fail(refusal: Refusal, took: number): void {
    this.work = undefined;
    this.failure = refusal;
    // What was uploaded may be gone from the bucket by now.
    for (const page of this.pages.values()) page.place = undefined;
    this.show(refusal.message);
    this.box.dataset.state = 'failed';
    this.offer(refusal.again ? ALBUM.again : ALBUM.make);
    if (refusal.trace !== undefined) this.details.tell({ trace: refusal.trace, took, said: refusal.said });
    announce(SPOKEN.notMade(refusal.message), this);
  }

  /** Gives up what is under way, and forgets what was made. */
  private stop(): void {
    this.work?.abort();
    this.work = undefined;
    this.failure = undefined;
    URL.revokeObjectURL(this.url);
    this.url = '';
    this.details.clear();
    this.button.hidden = false;
    if ([this.view, this.download].includes(document.activeElement as HTMLAnchorElement)) this.button.focus();
    this.view.hidden = true;
    this.download.hidden = true;
  }

  private showPage(item: Item): void {
    item.isPage();
    void check(item.file, 'bucket').then((fault) => {
      if (fault !== undefined && this.order.includes(item)) item.fails(fault);
    });
  }

  /** What the button does. */
  private offer(words: string): void {
    this.button.textContent = words;
    this.button.classList.toggle('primary', words !== ALBUM.stop);
  }

  private showProgress(words: string, done?: number): void {
    if (this.work === undefined) return;
    this.show(words);
    this.box.dataset.state = 'working';
    this.progress.hidden = false;
    if (done === undefined) this.progress.removeAttribute('value');
    else this.progress.value = done;
  }

  private show(words: string): void {
    this.box.dataset.state = '';
    this.state.textContent = words;
    this.hint.hidden = true;
    this.progress.hidden = true;
    this.changed();
  }
}
