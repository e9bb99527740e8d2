/** Is this really a PDF? Read by pdf.js, as a browser would. */
import { getDocumentProxy } from 'unpdf';

/** The number of pages of `bytes`. @throws Error when they are no PDF, or a page cannot be read. */
export async function countPages(bytes: Buffer): Promise<number> {
  if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) {
    throw new Error(`not a PDF: starts with ${JSON.stringify(bytes.subarray(0, 16).toString('latin1'))}`);
  }
  const document = await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0 });
  for (let number = 1; number <= document.numPages; number++) await (await document.getPage(number)).getOperatorList();
  return document.numPages;
}
