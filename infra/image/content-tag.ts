/** The tag of the runtime image, made of all that goes into it: what changes gets a new tag, what does not keeps its own. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The build context, relative to the project's folder: what Docker is told, so that no machine's paths are in the state. */
export const CONTEXT = 'runtime';

/** What the Dockerfile reads; `runtime/.dockerignore` keeps all else from it. */
export const SOURCES = ['Dockerfile', 'check.sh', 'policy.xml', 'sample.jpg', 'sources.sh'] as const;

/** GKE's nodes, whatever the machine that builds. */
export const PLATFORM = 'linux/amd64';

/**
 * The tag: `imagemagick-` and 12 hexadecimal digits.
 * @param folder the build context
 */
export function contentTag(baseImage: string, folder: string = path.resolve(__dirname, '../..', CONTEXT)): string {
  const hash = createHash('sha256').update(`${baseImage}\n${PLATFORM}\n`);
  for (const name of SOURCES) {
    const content = readFileSync(path.join(folder, name));
    hash.update(`${name}\n${content.length}\n`).update(content);
  }
  return `imagemagick-${hash.digest('hex').slice(0, 12)}`;
}
