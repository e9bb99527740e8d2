/** The JPEG is looked at before it is sent, the PDF written whole or not at all. */
import { randomUUID } from 'node:crypto';
import { accessSync, constants, statSync } from 'node:fs';
import { copyFile, link, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PHOTOGRAPH_BYTES } from '../../contract/limits';
import { hasCode } from '../../ground/errors';
import { Failure, wordsOf } from '../failure';
import type { Job } from './job';

/** Bytes of the JPEG. @throws Failure when it cannot be converted, or its PDF not be written */
export function checkFiles({ file, target }: Job, force: boolean): number {
  let size: number;
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) throw new Failure('This is a folder.', 'Name the files in it: FOLDER/*.jpg.');
    if (!stat.isFile()) throw new Failure('This is not a file.', 'Name a JPEG.');
    accessSync(file, constants.R_OK);
    size = stat.size;
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(hasCode(error, 'ENOENT') ? 'There is no such file.' : `It cannot be read: ${wordsOf(error)}.`);
  }
  if (size === 0) throw new Failure('This is not a JPEG: the file is empty.', undefined, 'not-a-jpeg');
  if (size > PHOTOGRAPH_BYTES)
    throw new Failure(`It has ${size} bytes; ${PHOTOGRAPH_BYTES} are the most.`, 'Scale the photograph down.');
  const there = statSync(target, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new Failure(`${target} is a folder.`, 'Name another folder for the PDFs: -o DIR.');
  if (!force && there !== undefined) throw alreadyExists(target);
  return size;
}

/** Writes the PDF. @throws Failure */
export async function writePdf({ target }: Job, pdf: Buffer, force: boolean): Promise<void> {
  if (!pdf.subarray(0, 5).equals(Buffer.from('%PDF-')))
    throw new Failure('What the service answered is not a PDF.', 'Does the stack run this project’s actions?');
  const temporary = path.join(path.dirname(target), `.pdfmagic-${randomUUID()}.part`);
  try {
    await writeFile(temporary, pdf, { flag: 'wx' });
    if (force) await rename(temporary, target);
    else await placeNew(temporary, target);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) throw alreadyExists(target);
    throw new Failure(`${target} cannot be written: ${wordsOf(error)}.`, 'Name another folder: -o DIR.');
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

function alreadyExists(target: string): Failure {
  return new Failure(`${target} already exists.`, '--force replaces it.');
}
