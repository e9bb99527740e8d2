/** Writes the figures where readers find them: JSON, page and pictures in a folder. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../figures';
import { writeReport } from '../report-file';
import { writePage } from './page';
import { drawPictures } from './pictures';

/** The JSON in the folder. */
export const DOCS_JSON = 'performance.json';
export const DOCS_PAGE = 'performance.md';

/** Writes all of it. @param folder such as `docs` */
export function writeDocs(folder: string, report: Report): void {
  mkdirSync(path.join(folder, 'pictures'), { recursive: true });
  writeReport(path.join(folder, DOCS_JSON), report);
  const pictures = drawPictures(report);
  for (const { file, svg } of pictures) writeFileSync(path.join(folder, 'pictures', file), svg);
  writeFileSync(path.join(folder, DOCS_PAGE), writePage(report, pictures));
}
