/** From the files of the command line to jobs: each PDF has a place of its own, known before anything is sent. */
import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { pdfName } from '../../contract/names';
import { UsageFailure, wordsOf } from '../failure';
import type { Job } from './job';

/**
 * A file that is named twice is one job. What is no file has a job, too, which will fail by itself.
 * @param folder where the PDFs go, made when missing; undefined: each beside its JPEG
 * @throws UsageFailure when two files want the same PDF, or the folder cannot be
 */
export function plan(files: readonly string[], folder: string | undefined): Job[] {
  if (folder === '') throw new UsageFailure('The folder for the PDFs has no name.', 'Name one: -o DIR.');
  if (folder !== undefined) prepare(folder);
  const wanted = new Map<string, Job>();
  for (const file of files) {
    const target = path.join(folder ?? path.dirname(file), pdfName(path.basename(file)));
    const place = isFile(file) ? real(target) : `not a file: ${file}`;
    const other = wanted.get(place);
    if (other !== undefined && real(other.file) !== real(file)) {
      throw new UsageFailure(
        `${other.file} and ${file} would both become ${target}.`,
        'Convert them one after the other, into two folders (-o DIR).',
      );
    }
    if (other === undefined) wanted.set(place, { file, target });
  }
  return [...wanted.values()];
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Two names of a folder, by a link, are one place. */
function real(file: string): string {
  const folder = path.resolve(path.dirname(file));
  return path.join(existsSync(folder) ? realpathSync(folder) : folder, path.basename(file));
}

function prepare(folder: string): void {
  try {
    if (existsSync(folder) && !statSync(folder).isDirectory())
      throw new UsageFailure(`${folder} is a file.`, 'Name a folder: -o DIR.');
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (error instanceof UsageFailure) throw error;
    throw new UsageFailure(`The folder ${folder} cannot be created: ${wordsOf(error)}.`, 'Name another one: -o DIR.');
  }
}
