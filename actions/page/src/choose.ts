/** Choosing photographs: by the button, by dropping them or their folder anywhere on the page, by pasting, or a sample. */
import sample from '../sample.jpg';
import { announce } from './announce';
import { readDropped } from './dropped';
import { part } from './part';
import { readPasted } from './pasted';
import { STATE } from './words';

/** Calls `chosen` with the files of each choice. */
export function onChoice(chosen: (files: readonly File[]) => void): void {
  const form = part(document, '#choose', HTMLFormElement);
  const input = part(document, '#files', HTMLInputElement);
  const choose = (files: readonly File[], others = 0) => {
    note(files.length, others);
    if (files.length > 0) chosen(files);
  };
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    // So that choosing the same file again is a change again.
    input.value = '';
    choose(files);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  part(document, '#sample', HTMLButtonElement).addEventListener('click', () => {
    choose([new File([new Uint8Array(sample)], STATE.sample, { type: 'image/jpeg' })]);
    // The button is about to go, and the focus with it.
    part(document, '#results-title', HTMLElement).focus();
  });
  onDrop(form, choose);
  addEventListener('paste', ({ clipboardData }) => {
    if (clipboardData !== null && clipboardData.files.length > 0) void readPasted(clipboardData).then(choose);
  });
  form.hidden = false;
}

function onDrop(form: HTMLFormElement, choose: (files: readonly File[], others: number) => void): void {
  const over = (on: boolean) => form.classList.toggle('over', on);
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
  addEventListener('dragover', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(true);
  });
  addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) over(false);
  });
  addEventListener('drop', (event) => {
    if (event.dataTransfer === null || !hasFiles(event)) return;
    event.preventDefault();
    over(false);
    void readDropped(event.dataTransfer).then(({ files, others }) => choose(files, others));
  });
}

/** Says what of a folder was left out; nothing of any other choice. */
function note(files: number, others: number): void {
  const text = others > 0 || files === 0 ? STATE.leftOut(files, others) : '';
  const element = part(document, '#note', HTMLElement);
  element.textContent = text;
  element.hidden = text === '';
  if (text !== '') announce(text);
}
