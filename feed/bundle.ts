/** The service as one file that needs nothing but Node.js, so that its image is built without a network. */
import { copyFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';

/**
 * Makes the folder for `docker build`: the bundle, `main.cjs`, and the Dockerfile. The same sources give the same bytes,
 * wherever the project is.
 */
export async function bundleFeed(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    // Comments in the bundle name files relative to this.
    absWorkingDir: path.join(__dirname, '..'),
    entryPoints: ['feed/main.ts'],
    outfile: path.join(path.resolve(folder), 'main.cjs'),
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // Licences of what is in it, at its end.
    legalComments: 'eof',
    logLevel: 'warning',
  });
  await copyFile(path.join(__dirname, 'Dockerfile'), path.join(folder, 'Dockerfile'));
}
