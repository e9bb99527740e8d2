/** The order of a list: rows are dragged by mouse or finger, or moved step by step by buttons and keyboard. */

/** What is told of a change, and asked before one. */
export interface Ordering {
  /** Whether the order may be changed now. */
  readonly isOn: () => boolean;
  /** A row has another place. */
  readonly moved: (row: HTMLElement) => void;
}

/** Pixels that a mouse may tremble. */
const TREMOR = 4;
/** Pixels from the edges of the window in which it scrolls, and the most that it scrolls at a time. */
const EDGE = 72;
const FASTEST = 14;

/** Lets rows of the list be moved. */
export function makeSortable(list: HTMLElement, ordering: Ordering): void {
  list.addEventListener('pointerdown', (event) => {
    const row = findRow(event.target);
    if (!ordering.isOn() || row === undefined || !event.isPrimary || event.button !== 0) return;
    const at = event.target as Element;
    if (at.closest('a, button') !== null) return;
    // A finger anywhere else scrolls the page.
    if (event.pointerType !== 'mouse' && at.closest('.grip, .picture') === null) return;
    drag(list, row, event, () => ordering.moved(row));
  });
  list.addEventListener('dragstart', (event) => {
    if (ordering.isOn()) event.preventDefault();
  });
  list.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0;
    const row = findRow(event.target);
    if (!event.altKey || event.ctrlKey || event.metaKey || by === 0 || row === undefined || !ordering.isOn()) return;
    event.preventDefault();
    step(row, by, ordering);
  });
}

/** Moves a row by one place. The other row is what leaves the page for a moment, so the focus stays. */
export function step(row: HTMLElement, by: -1 | 1, { moved }: Pick<Ordering, 'moved'>): void {
  const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
  if (other === null) return;
  if (by < 0) row.after(other);
  else row.before(other);
  row.scrollIntoView({ block: 'nearest' });
  moved(row);
}

function findRow(target: EventTarget | null): HTMLElement | undefined {
  return (target instanceof Element && target.closest<HTMLElement>('.item')) || undefined;
}

/** Has a row follow the pointer until it is let go; Escape puts it back. */
function drag(list: HTMLElement, row: HTMLElement, start: PointerEvent, moved: () => void): void {
  const before = row.nextElementSibling;
  const grab = start.clientY - row.getBoundingClientRect().top;
  const end = new AbortController();
  const { signal } = end;
  let y = start.clientY;
  let isDragged = false;
  const follow = () => {
    if (signal.aborted || !isDragged) return;
    scrollBy(0, speedAt(y));
    place(list, row, y);
    row.style.translate = `0 ${y - grab - list.getBoundingClientRect().top - row.offsetTop}px`;
    requestAnimationFrame(follow);
  };
  const finish = (isMeant: boolean) => {
    end.abort();
    if (!isDragged) return;
    row.classList.remove('dragged');
    row.style.translate = '';
    if (!isMeant) list.insertBefore(row, before);
    else if (row.nextElementSibling !== before) moved();
  };
  const listen = { signal };
  list.setPointerCapture(start.pointerId);
  list.addEventListener(
    'pointermove',
    ({ pointerId, clientY }) => {
      if (pointerId !== start.pointerId) return;
      y = clientY;
      if (isDragged || Math.abs(y - start.clientY) < TREMOR) return;
      isDragged = true;
      row.classList.add('dragged');
      follow();
    },
    listen,
  );
  list.addEventListener(
    'pointerup',
    ({ clientY }) => {
      y = clientY;
      if (isDragged) place(list, row, y);
      finish(true);
    },
    listen,
  );
  list.addEventListener('pointercancel', () => finish(false), listen);
  addEventListener('keydown', ({ key }) => key === 'Escape' && finish(false), listen);
}

/** Puts the row before the first one whose middle is below the pointer. */
function place(list: HTMLElement, row: HTMLElement, y: number): void {
  const top = list.getBoundingClientRect().top;
  const others = [...list.children].filter(
    (other): other is HTMLElement => other !== row && other instanceof HTMLElement,
  );
  const next = others.find(({ offsetTop, offsetHeight }) => y < top + offsetTop + offsetHeight / 2) ?? null;
  if (next === row.nextElementSibling) return;
  const focused = document.activeElement;
  list.insertBefore(row, next);
  // What leaves the page for a moment loses the focus.
  if (focused instanceof HTMLElement && row.contains(focused)) focused.focus({ preventScroll: true });
}

function speedAt(y: number): number {
  const into = y < EDGE ? y - EDGE : Math.max(0, y - (innerHeight - EDGE));
  return Math.sign(into) * Math.min(FASTEST, Math.abs(into) / 4);
}
