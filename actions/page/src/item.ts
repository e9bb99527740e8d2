/** One photograph in the list: how it looks in each state. What happens is decided in list.ts. */
import type { Made } from './by-body';
import { Details } from './details';
import { part } from './part';
import { nameOfPdf } from './pdf-name';
import type { Refusal } from './refusal';
import type { Stage } from './task';
import { STATE } from './words';

/** What a person can ask of it. */
export interface Requests {
  readonly again: () => void;
  readonly remove: () => void;
  /** By one place. */
  readonly move: (by: -1 | 1) => void;
}

/** A row of the list. */
export class Item {
  readonly element: HTMLElement;
  private readonly state: HTMLElement;
  private readonly progress: HTMLProgressElement;
  private readonly details: Details;
  private readonly urls = { picture: '', pdf: '' };

  /** @param detailed whether to tell how it was made */
  constructor(
    readonly file: File,
    requests: Requests,
    detailed: boolean,
  ) {
    const content = document.importNode(part(document, '#item', HTMLTemplateElement).content, true);
    this.element = part(content, '.item', HTMLElement);
    this.state = part(content, '.state', HTMLElement);
    this.progress = part(content, 'progress', HTMLProgressElement);
    this.details = new Details(part(content, '.made', HTMLElement), detailed);
    const name = part(content, '.name', HTMLElement);
    name.textContent = file.name;
    name.title = file.name;
    this.progress.setAttribute('aria-label', STATE.progressOf(file.name));
    for (const [name, does] of [
      ['again', requests.again],
      ['remove', requests.remove],
      ['up', () => requests.move(-1)],
      ['down', () => requests.move(1)],
    ] as const) {
      const button = this.button(name);
      button.addEventListener('click', does);
      button.append(makeUnseen(`: ${file.name}`));
    }
  }

  /** In the queue. */
  waits(): void {
    this.show('waiting', STATE.waiting);
    this.details.clear();
  }

  /** A page of one PDF of all. */
  isPage(): void {
    this.show('page', STATE.page(this.file.size));
    this.details.clear();
  }

  /** Where it stands among the pages: the first cannot go up, the last not down. */
  stands(isFirst: boolean, isLast: boolean): void {
    this.button('up').ariaDisabled = String(isFirst);
    this.button('down').ariaDisabled = String(isLast);
  }

  /** Under way. */
  works(stage: Stage): void {
    if (stage.doing === 'sending') {
      this.show('working', STATE.sending(stage.part));
      this.progress.value = stage.part;
    } else {
      this.show('working', STATE[stage.doing]);
      this.progress.removeAttribute('value');
    }
    this.progress.hidden = false;
  }

  /** It is a JPEG as far as its beginning tells, so the browser can show it. */
  picture(): void {
    const image = part(this.element, 'img', HTMLImageElement);
    image.src = this.keep('picture', this.file);
    image.onload = () => {
      image.hidden = false;
    };
  }

  /** The PDF is there. */
  succeeds(made: Made, took: number): void {
    this.show('done', STATE.done(this.file.size, made.pdf.size));
    const url = this.keep('pdf', made.pdf);
    for (const name of ['view', 'download'] as const) {
      const link = this.link(name);
      link.href = url;
      link.hidden = false;
      if (link.childElementCount === 0) link.append(makeUnseen(` ${nameOfPdf(this.file.name)}`));
    }
    this.link('download').download = nameOfPdf(this.file.name);
    this.details.tell({ trace: made, took, reencoded: made.reencoded });
  }

  /** There will be none, or not yet. */
  fails(refusal: Refusal, took = 0): void {
    this.show('failed', refusal.message);
    this.button('again').hidden = !refusal.again;
    if (refusal.trace !== undefined) this.details.tell({ trace: refusal.trace, took, said: refusal.said });
  }

  /** Tells how it was made, or not any more. */
  detail(wanted: boolean): void {
    this.details.want(wanted);
  }

  /** Takes it off the page. */
  remove(): void {
    for (const url of Object.values(this.urls)) URL.revokeObjectURL(url);
    this.element.remove();
  }

  private show(state: 'waiting' | 'page' | 'working' | 'done' | 'failed', text: string): void {
    this.element.dataset.state = state;
    this.state.textContent = text;
    this.progress.hidden = true;
    const again = this.button('again');
    // It is about to go, and the focus with it.
    if (again === document.activeElement) this.element.focus();
    again.hidden = true;
    for (const name of ['view', 'download'] as const) this.link(name).hidden = true;
  }

  private keep(what: 'picture' | 'pdf', blob: Blob): string {
    URL.revokeObjectURL(this.urls[what]);
    this.urls[what] = URL.createObjectURL(blob);
    return this.urls[what];
  }

  private button(name: 'again' | 'remove' | 'up' | 'down'): HTMLButtonElement {
    return part(this.element, name === 'again' ? '.retry' : `.${name}`, HTMLButtonElement);
  }

  private link(name: 'view' | 'download'): HTMLAnchorElement {
    return part(this.element, `.${name}`, HTMLAnchorElement);
  }
}

/** Text for screen readers only: the words that tell one row's buttons from another's. */
function makeUnseen(text: string): HTMLElement {
  const span = document.createElement('span');
  span.className = 'unseen';
  span.textContent = text;
  return span;
}
