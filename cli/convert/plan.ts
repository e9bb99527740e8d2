/** From the files of the command line to jobs: each PDF has a place of its own, known before anything is sent. */
import { existsSync, mkdirSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import { pdfName } from '../../contract/names';
import { UsageFailure, wordsOf } from '../failure';
import { type Found, findJpegs, statOf } from './find-jpegs';
import { type Job, PLACE, type PlaceOption, STREAM } from './job';

/**
 * A file that is named twice is one job. What is no file has a job, too, which will fail by itself.
 * @param folder where the PDFs go, made when missing, with the folders that are searched below it; undefined: each beside its
 *   JPEG, and that of stdin to stdout; `-`: stdout
 * @param recursive whether folders stand for the JPEGs in them
 * @throws UsageFailure when two files want the same PDF, or the folder cannot be
 */
export function plan(files: readonly string[], folder: string | undefined, recursive = false): Job[] {
  if (folder === '') throw new UsageFailure('The folder for the PDFs has no name.', 'Name one: -o FOLDER.');
  const found = findJpegs(files, recursive);
  const streams = folder === STREAM || (folder === undefined && files.includes(STREAM));
  if (streams) return [planStdout(found)];
  if (folder !== undefined) prepare(folder);
  const wanted = new Map<string, Job>();
  for (const { file, below, failure } of found) {
    const name = pdfName(file === STREAM ? 'stdin' : path.basename(file));
    const target = path.join(folder === undefined ? path.dirname(file) : path.join(folder, below), name);
    const place = file === STREAM || statOf(file)?.isFile() ? resolvePlace(target) : `not a file: ${file}`;
    const other = wanted.get(place);
    if (other !== undefined && resolvePlace(other.file) !== resolvePlace(file)) {
      throw new UsageFailure(
        `${other.file} and ${file} would both become ${target}.`,
        'Convert them one after the other, into two folders (-o FOLDER).',
      );
    }
    if (other === undefined) wanted.set(place, { file, target, ...(failure && { failure }) });
  }
  return [...wanted.values()];
}

function planStdout([first, ...more]: readonly Found[]): Job {
  if (first === undefined || more.length > 0)
    throw new UsageFailure('Only one PDF can go to stdout.', 'Name one JPEG, or a folder for the PDFs: -o FOLDER.');
  requireReader(PLACE.each);
  return { file: first.file, target: STREAM, ...(first.failure && { failure: first.failure }) };
}

/** @param option what chooses another place @throws UsageFailure when stdout is a terminal */
export function requireReader(option: PlaceOption): void {
  if (process.stdout.isTTY)
    throw new UsageFailure(
      'A terminal cannot show a PDF.',
      `Send it to a file or a pipe (> photo.pdf), or use ${option}.`,
    );
}

/** Two names of a folder, by a link, are one place. */
function resolvePlace(file: string): string {
  const folder = path.resolve(path.dirname(file));
  return path.join(existsSync(folder) ? realpathSync(folder) : folder, path.basename(file));
}

function prepare(folder: string): void {
  try {
    if (existsSync(folder) && !statSync(folder).isDirectory())
      throw new UsageFailure(`${folder} is a file.`, 'Name a folder: -o FOLDER.');
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if (error instanceof UsageFailure) throw error;
    throw new UsageFailure(
      `The folder ${folder} cannot be created: ${wordsOf(error)}.`,
      'Name another one: -o FOLDER.',
    );
  }
}
