/** The tag of an image, made of all that goes into it: what changes gets a new tag, what does not keeps its own. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { ImageRecipe } from './recipe';

/** GKE's nodes and Cloud Run, whatever the machine that builds. */
export const PLATFORM = 'linux/amd64';

/** What an interpreter leaves beside the sources, and no image is given. */
const LEFT_OUT = new Set(['__pycache__']);

/**
 * The tag of any image: the recipe's word for it and 12 hexadecimal digits.
 * @param folder the build context, if not that of this project
 */
export function computeTag(
  recipe: ImageRecipe,
  baseImage: string,
  folder: string = path.resolve(__dirname, '../..', recipe.context),
): string {
  const hash = createHash('sha256').update(`${baseImage}\n${PLATFORM}\n`);
  for (const name of listContent(recipe, folder)) {
    const content = readFileSync(path.join(folder, name));
    hash.update(`${name}\n${content.length}\n`).update(content);
  }
  return `${recipe.tag}-${hash.digest('hex').slice(0, 12)}`;
}

/** All files that go into an image, relative to the build context `folder`. */
export function listContent(recipe: ImageRecipe, folder: string): string[] {
  return recipe.sources.flatMap((source) => listFiles(folder, source));
}

/** A file, or all files below a folder, in an order that no file system has a say in. */
export function listFiles(folder: string, source: string): string[] {
  if (!statSync(path.join(folder, source)).isDirectory()) return [source];
  return readdirSync(path.join(folder, source))
    .filter((name) => !LEFT_OUT.has(name))
    .sort()
    .flatMap((name) => listFiles(folder, `${source}/${name}`));
}
