/** Choosing photographs: by the button, or by dropping them anywhere on the page. */
import { part } from './part';

/** Calls `chosen` with the files of each choice. */
export function onChoice(chosen: (files: readonly File[]) => void): void {
  const form = part(document, '#choose', HTMLFormElement);
  const input = part(document, '#files', HTMLInputElement);
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    // So that choosing the same file again is a change again.
    input.value = '';
    if (files.length > 0) chosen(files);
  });
  form.addEventListener('submit', (event) => event.preventDefault());

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
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(false);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) chosen(files);
  });
  form.hidden = false;
}
