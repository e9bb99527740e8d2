/**
 * The Node.js actions: one file each, in the words of the oldest Node.js that an OpenWhisk may give them. Made anew each time, in
 * milliseconds; the same source gives the same text.
 */
import { createHash, randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { messageOf } from '../../ground/errors';
import { makeBuildDir, removeOld } from './build-folder';
import { PackagingError } from './errors';
import type { PackagedAction } from './package-action';

/** The oldest major version of Node.js that the actions run on: `nodejs:14` of OpenWhisk's chart 1.0.0 is 14.4. */
export const OLDEST_NODE = 14;

/**
 * An older Node.js must still be able to read the file, to refuse it in words. For this target esbuild also takes `node:` off the
 * names of modules, which Node.js knows since 14.18.
 */
const READABLE_BY = 'node10';

/** OpenWhisk's runtime takes the function of the name `main`, or what is exported (`initializeActionHandler`). */
const REFUSAL = `if (Number(process.versions.node.split('.')[0]) < ${OLDEST_NODE}) {
  exports.main = main = () => ({
    error: \`This action needs Node.js ${OLDEST_NODE} or newer, and OpenWhisk runs it on \${process.version}.\`,
  });
}`;

/**
 * The text that OpenWhisk is given for the source file of an action.
 * @param define names of the source that stand for JSON texts
 * @throws PackagingError naming file and line of what is wrong with it
 */
export async function buildNodejsAction(file: string, define: Readonly<Record<string, string>> = {}): Promise<string> {
  try {
    const { outputFiles } = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'cjs',
      target: READABLE_BY,
      tsconfigRaw: {},
      define: { ...define },
      footer: { js: REFUSAL },
      charset: 'utf8',
      logLevel: 'silent',
    });
    // The path of this machine, which esbuild puts above each file, says nothing to anybody.
    return (outputFiles[0]?.text ?? '').replace(/^\/\/ .*\n/m, '').trimStart();
  } catch (error) {
    throw new PackagingError(`The action cannot be built: ${messageOf(error)}`);
  }
}

/** Keeps the text of an action as a file of its own content's name: longer ones are better not in the state. */
export async function keepNodejsAction(name: string, code: string, buildDir: string): Promise<PackagedAction> {
  const sha256 = createHash('sha256').update(code).digest('hex');
  const folder = path.resolve(buildDir, 'actions');
  const file = path.join(folder, `${name}-${sha256}.js`);
  const draft = path.join(folder, `.${name}-${process.pid}-${randomUUID().slice(0, 8)}`);
  await makeBuildDir(buildDir, folder);
  await writeFile(draft, code);
  await rename(draft, file);
  await removeOld(folder, name, file);
  return { file, sha256, bytes: Buffer.byteLength(code) };
}
