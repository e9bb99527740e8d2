/** "Download all": one ZIP of all PDFs. They are stored, not compressed, since JPEGs in them do not get smaller. */
import { downloadZip } from 'client-zip';
import { namesOfPdfs } from './pdf-name';
import { STATE } from './words';

/** A PDF, and the name of the photograph that it was made of. */
export interface Finished {
  readonly photograph: string;
  readonly pdf: Blob;
}

/** Milliseconds that a browser gets to begin the download. */
const BEGUN = 60_000;

/** Starts the download of a ZIP with these. */
export async function downloadAll(finished: readonly Finished[]): Promise<void> {
  const names = namesOfPdfs(finished.map(({ photograph }) => photograph));
  const files = finished.map(({ pdf }, at) => ({ name: names[at] ?? '', input: pdf }));
  const url = URL.createObjectURL(await downloadZip(files).blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = STATE.zip;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), BEGUN);
}
