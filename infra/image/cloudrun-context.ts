/**
 * The folder that the container of Cloud Run is made of: files of the project, and the web page, which is built. The image has all
 * of it, and the local platform runs it as processes.
 */
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildPage } from '../packaging/page';
import { listFiles } from './content-tag';
import { CLOUDRUN_IMAGE, type ImageRecipe } from './recipe';

const PROJECT = path.resolve(__dirname, '../..');

/** Files, and folders with all that is in them; they have the same place in the context. */
const SOURCES = [
  'actions/buckets',
  'actions/pdfmagic',
  'actions/requirements/cloudrun.txt',
  'actions/result',
  'actions/upload',
  'actions/v2',
  'cloudrun/Dockerfile',
  'cloudrun/gunicorn.conf.py',
  'cloudrun/service',
  'runtime/check.sh',
  'runtime/policy.xml',
  'runtime/sample.jpg',
];

/** What is made for it, by its place in the context. */
const MADE: Readonly<Record<string, () => Promise<string>>> = {
  'cloudrun/page.json': async () => JSON.stringify(await buildPage(path.join(PROJECT, 'actions', 'page'))),
};

/**
 * Brings the folder up to date; what is right already stays untouched, so that others may read it meanwhile.
 * @param folder the recipe's context unless given
 * @returns the recipe, whose tag can be computed and whose image can be built now
 * @throws PackagingError when the page cannot be built
 */
export async function assembleCloudRun(folder = path.join(PROJECT, CLOUDRUN_IMAGE.context)): Promise<ImageRecipe> {
  const files = new Map<string, Buffer>();
  for (const name of SOURCES.flatMap((source) => listFiles(PROJECT, source)))
    files.set(name, await readFile(path.join(PROJECT, name)));
  for (const [name, make] of Object.entries(MADE)) files.set(name, Buffer.from(await make()));
  // Beside the folder: nobody sees half of a file in it.
  const draft = `${folder}.${randomUUID()}`;
  for (const [name, content] of files) await putFile(path.join(folder, name), content, draft);
  const there = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of there.filter((one) => one.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    if (!files.has(path.relative(folder, file).split(path.sep).join('/'))) await rm(file, { force: true });
  }
  return CLOUDRUN_IMAGE;
}

/** Writes a file, whole or not at all, that the container's user may read. */
async function putFile(file: string, content: Buffer, draft: string): Promise<void> {
  const present = await readFile(file).catch(() => undefined);
  if (present?.equals(content)) return;
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(draft, content);
  await chmod(draft, 0o644);
  await rename(draft, file);
}
