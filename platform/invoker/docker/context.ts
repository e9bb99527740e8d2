/**
 * The build context of an image: just the files of its recipe, in a folder of their own. Docker's older builder knows no
 * `<Dockerfile>.dockerignore`, and would be given all of the project.
 */
import { copyFile, mkdir, mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { listContent } from '../../../infra/image/content-tag';
import type { ImageRecipe } from '../../../infra/image/recipe';
import { BUILD_DIR, PROJECT_ROOT } from '../../../infra/packaging';

/** Copies them. @returns the folder, which is the caller's to remove */
export async function stageContext(recipe: ImageRecipe): Promise<string> {
  const source = path.join(PROJECT_ROOT, recipe.context);
  await mkdir(BUILD_DIR, { recursive: true });
  const folder = await mkdtemp(path.join(BUILD_DIR, 'context-'));
  for (const name of listContent(recipe, source)) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await copyFile(path.join(source, name), target);
  }
  return folder;
}
