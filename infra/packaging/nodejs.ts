/**
 * The Node.js actions: one file each, in the words of the oldest Node.js that an OpenWhisk may give them. The same source gives the
 * same text; it is built when it, or what builds it, has changed.
 */
import { createHash, randomUUID } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { version } from 'esbuild/package.json';
import { messageOf } from '../../ground/errors';
import { makeBuildDir, removeOld } from './build-folder';
import { findBuilt, type PackagedAction } from './built';
import { hashEntries, listFilesBelow } from './entries';
import { PackagingError } from './errors';

const ROOT = path.resolve(__dirname, '..', '..');
/** The files that say how an action is built, and of which packages. */
const HOW = [
  'infra/packaging/nodejs.ts',
  'infra/packaging/page.ts',
  'tsconfig.json',
  'tsconfig.base.json',
  'package-lock.json',
];

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

/**
 * The action that `build` makes of a folder: kept as a file, for longer ones are better not in the state.
 * @throws PackagingError of `build`
 */
export async function packageNodejsAction(
  name: string,
  folder: string,
  buildDir: string,
  build: () => Promise<string>,
): Promise<PackagedAction> {
  const kept = path.resolve(buildDir, 'actions');
  const prefix = `${name}-${(await hashSources(folder)).slice(0, 16)}-`;
  const found = await findBuilt(kept, prefix, 'js');
  if (found !== undefined) return found;
  const code = await build();
  const sha256 = createHash('sha256').update(code).digest('hex');
  const file = path.join(kept, `${prefix}${sha256}.js`);
  const draft = path.join(kept, `.${name}-${process.pid}-${randomUUID().slice(0, 8)}`);
  await makeBuildDir(buildDir, kept);
  await writeFile(draft, code);
  await rename(draft, file);
  await removeOld(kept, name, file);
  return { file, sha256, bytes: Buffer.byteLength(code) };
}

/** Whatever the text of an action depends on: the folder, what it may import (docs/architecture.md), and how it is built. */
async function hashSources(folder: string): Promise<string> {
  const how = HOW.map((name) => ({ name, file: path.join(ROOT, name) }));
  const [own, contract] = await Promise.all([
    listFilesBelow(folder, 'action/'),
    listFilesBelow(path.join(ROOT, 'contract'), 'contract/'),
  ]);
  return hashEntries(`esbuild ${version}`, [...own, ...contract, ...how]);
}
