/** The JPEG is looked at before it is sent, the PDF written whole or not at all. */
import { randomUUID } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { copyFile, link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PHOTOGRAPH_BYTES } from '../../contract/limits';
import { hasCode } from '../../ground/errors';
import { Failure, wordsOf } from '../failure';
import { statOf } from './find-jpegs';
import { type Job, STREAM } from './job';

/** Bytes of the JPEG. @throws Failure when it cannot be converted, or its PDF not be written */
export function checkFiles({ file, target, copy = file, failure }: Job, force: boolean): number {
  if (failure !== undefined) throw failure;
  let size: number;
  try {
    const stat = statSync(copy);
    if (stat.isDirectory()) throw new Failure('This is a folder.', '-r converts the JPEGs in it.');
    if (!stat.isFile()) throw new Failure('This is not a file.', 'Name a JPEG, or - for stdin.');
    accessSync(copy, constants.R_OK);
    size = stat.size;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(hasCode(error, 'ENOENT') ? 'There is no such file.' : `It cannot be read: ${wordsOf(error)}.`);
  }
  if (size === 0) throw new Failure('This is not a JPEG: the file is empty.', undefined, 'not-a-jpeg');
  if (size > PHOTOGRAPH_BYTES)
    throw new Failure(`It is larger than ${PHOTOGRAPH_BYTES} bytes, which is the limit.`, 'Scale the photograph down.');
  if (target === STREAM) return size;
  const there = statSync(target, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new Failure(`${target} is a folder.`, 'Name another folder for the PDFs: -o FOLDER.');
  if (!force && there !== undefined) throw explainExisting(target);
  return size;
}

/** Writes the PDF. @throws Failure */
export async function writePdf({ target }: Job, pdf: Buffer, force: boolean): Promise<void> {
  if (!pdf.subarray(0, 5).equals(Buffer.from('%PDF-')))
    throw new Failure('The service’s answer is not a PDF.', 'Does the stack run this project’s actions?');
  if (target === STREAM) {
    // That nobody reads it, or that it cannot be written, is the terminal's to say.
    await new Promise<void>((resolve) => process.stdout.write(pdf, () => resolve()));
    return;
  }
  const temporary = path.join(path.dirname(target), `.pdfmagic-${randomUUID()}.part`);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(temporary, pdf, { flag: 'wx' });
    if (force) await rename(temporary, target);
    else await placeNew(temporary, target);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw explainExisting(target);
    throw new Failure(`${target} cannot be written: ${wordsOf(error)}.`, 'Name another folder: -o FOLDER.');
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Unlike `rename`, never replaces what came there meanwhile. Not every file system has links. */
async function placeNew(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw error;
    await copyFile(temporary, target, constants.COPYFILE_EXCL);
  }
}

/** Whether there is a file where the PDF goes. */
export function isMade({ target }: Job): boolean {
  return target !== STREAM && statOf(target)?.isFile() === true;
}

function explainExisting(target: string): Failure {
  return new Failure(`${target} already exists.`, '--force replaces it, --skip-existing leaves it.');
}
