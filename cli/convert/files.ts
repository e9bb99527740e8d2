/** The JPEG is looked at before it is sent, the PDF written whole or not at all. */
import { randomUUID } from 'node:crypto';
import { accessSync, constants, createReadStream, statSync } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PHOTOGRAPH_BYTES } from '../../contract/limits';
import { hasCode } from '../../ground/errors';
import { Failure, wordsOf } from '../failure';
import { statOf } from './find-jpegs';
import { type Job, PLACE, type PlaceOption, STREAM } from './job';

/** Bytes of the JPEG. @throws Failure when it cannot be converted */
export function checkJpeg({ file, copy = file, failure }: Omit<Job, 'target'>): number {
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
  return size;
}

/** @param option what chose the target @throws Failure when the PDF cannot be written there */
export function checkTarget(target: string, force: boolean, option: PlaceOption): void {
  if (target === STREAM) return;
  const there = statSync(target, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw new Failure(`${target} is a folder.`, chooseAnother(option));
  if (!force && there !== undefined) throw explainExisting(target);
}

/** Writes the PDF of one file. @throws Failure */
export async function writePdf(target: string, pdf: Buffer, force: boolean): Promise<void> {
  if (target !== STREAM)
    return placePdf(target, force, PLACE.each, (temporary) => writeFile(temporary, pdf, { flag: 'wx' }));
  checkPdf(pdf);
  // That nobody reads it, or that it cannot be written, is the terminal's to say.
  await new Promise<void>((resolve) => process.stdout.write(pdf, () => resolve()));
}

/**
 * Has the PDF of all files written, which may be large.
 * @param save writes it to a file that it is given the name of
 * @throws Failure
 */
export async function savePdf(target: string, force: boolean, save: (file: string) => Promise<void>): Promise<void> {
  if (target !== STREAM) return placePdf(target, force, PLACE.all, save);
  const folder = await mkdtemp(path.join(tmpdir(), 'pdfmagic-'));
  try {
    const file = path.join(folder, 'album.pdf');
    await save(file);
    checkPdf(await readStart(file));
    for await (const chunk of createReadStream(file))
      await new Promise<void>((resolve) => process.stdout.write(chunk, () => resolve()));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function placePdf(
  target: string,
  force: boolean,
  option: PlaceOption,
  save: (file: string) => Promise<void>,
): Promise<void> {
  const temporary = path.join(path.dirname(target), `.pdfmagic-${randomUUID()}.part`);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await save(temporary);
    checkPdf(await readStart(temporary));
    if (force) await rename(temporary, target);
    else await placeNew(temporary, target);
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (hasCode(error, 'EEXIST')) throw explainExisting(target);
    throw new Failure(`${target} cannot be written: ${wordsOf(error)}.`, chooseAnother(option));
  } finally {
    await rm(temporary, { force: true });
  }
}

/** @throws Failure when these are not the first bytes of a PDF */
function checkPdf(start: Buffer): void {
  if (!start.subarray(0, 5).equals(Buffer.from('%PDF-')))
    throw new Failure('The service’s answer is not a PDF.', 'Does the stack run this project’s actions?');
}

async function readStart(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    return (await handle.read(Buffer.alloc(5), 0, 5, 0)).buffer;
  } finally {
    await handle.close();
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
export function isMade(target: string): boolean {
  return target !== STREAM && statOf(target)?.isFile() === true;
}

function chooseAnother(option: PlaceOption): string {
  return `Choose another place: ${option}.`;
}

function explainExisting(target: string): Failure {
  return new Failure(`${target} already exists.`, '--force replaces it, --skip-existing leaves it.');
}
