/** The actions of PDFMagic as files of this project: which folders and pins each zip is made of. */
import path from 'node:path';
import { messageOf } from '../../ground/errors';
import { PackagingError } from './errors';
import { buildNodejsAction, keepNodejsAction } from './nodejs';
import { type PackageActionArgs, type PackagedAction, packageAction } from './package-action';
import { packagePage } from './page';
import { InvalidPython, mergeInvalid } from './syntax';

/** The folder of the project. */
export const PROJECT_ROOT = path.resolve(__dirname, '..', '..');
/** Where builds are cached unless told otherwise. */
export const BUILD_DIR = path.join(PROJECT_ROOT, 'build');

const ACTIONS = path.join(PROJECT_ROOT, 'actions');
const REQUIREMENTS = path.join(ACTIONS, 'requirements');

/** The Python actions, with the requirements file of each. */
export const PYTHON_ACTIONS = {
  v0: 'conversion.txt',
  v1: 'conversion.txt',
  v2: 'storage.txt',
  upload: 'storage.txt',
  result: 'storage.txt',
} as const;

type PythonAction = keyof typeof PYTHON_ACTIONS;

/** Folders that go into the zips beside an action's own, by the requirements file whose libraries they use. */
const SHARED = { 'conversion.txt': ['pdfmagic'], 'storage.txt': ['pdfmagic', 'buckets'] } as const;

/** What each requirements file installs, in words for messages. */
const LIBRARIES = { 'conversion.txt': 'the libraries of the conversion', 'storage.txt': "Google's storage library" };

/** The code of all actions, ready to deploy. */
export interface PackagedActions extends Readonly<Record<PythonAction, PackagedAction>> {
  /** Text of the Node.js actions: one file without dependencies needs no zip. */
  readonly printArguments: string;
  readonly newFileFeed: string;
  /** The same as files: longer ones are better not in the state. */
  readonly activation: PackagedAction;
  readonly page: PackagedAction;
}

/** How and where to package. */
export type PackagingOptions = Pick<PackageActionArgs, 'python' | 'image' | 'onProgress'> & {
  readonly buildDir?: string;
};

/** Packages all actions. @throws PackagingError as `packageAction`, with what is wrong with each of them */
export async function packageActions(options: PackagingOptions = {}): Promise<PackagedActions> {
  const buildDir = options.buildDir ?? BUILD_DIR;
  const [v0, v1, v2, upload, result, printArguments, newFileFeed, activation, page] = await waitForAll([
    packagePythonAction('v0', options),
    packagePythonAction('v1', options),
    packagePythonAction('v2', options),
    packagePythonAction('upload', options),
    packagePythonAction('result', options),
    buildNodejsAction(path.join(ACTIONS, 'print-arguments', 'index.js')),
    buildNodejsAction(path.join(ACTIONS, 'new-file-feed', 'index.js')),
    packageActivation(buildDir),
    packagePage(path.join(ACTIONS, 'page'), buildDir),
  ]);
  return { v0, v1, v2, upload, result, printArguments, newFileFeed, activation, page };
}

async function packageActivation(buildDir: string): Promise<PackagedAction> {
  const code = await buildNodejsAction(path.join(ACTIONS, 'activation', 'index.js'));
  return keepNodejsAction('activation', code, buildDir);
}

/** As `Promise.all`, but when it fails nothing goes on behind its back, and every PackagingError is in the message. */
async function waitForAll<T extends readonly Promise<unknown>[]>(
  parts: readonly [...T],
): Promise<{ -readonly [I in keyof T]: Awaited<T[I]> }> {
  const settled = await Promise.allSettled(parts);
  const reasons = settled.flatMap((part) => (part.status === 'rejected' ? [part.reason as unknown] : []));
  const invalid = mergeInvalid(reasons.filter((reason) => reason instanceof InvalidPython));
  const others = reasons.filter((reason) => reason instanceof PackagingError && !(reason instanceof InvalidPython));
  const messages = new Set([...invalid, ...others].map(messageOf));
  if (messages.size > 0) throw new PackagingError([...messages].join('\n'));
  if (reasons.length > 0) throw reasons[0];
  return Promise.all(parts);
}

/** Packages one Python action: its own folder at the root, and the shared ones below it. */
export function packagePythonAction(name: PythonAction, options: PackagingOptions = {}) {
  const requirements = PYTHON_ACTIONS[name];
  const shared = SHARED[requirements].map((folder) => [folder, path.join(ACTIONS, folder)]);
  return packageAction({
    buildDir: BUILD_DIR,
    ...options,
    name,
    sources: { '': path.join(ACTIONS, name), ...Object.fromEntries(shared) },
    requirements: path.join(REQUIREMENTS, requirements),
    libraries: LIBRARIES[requirements],
  });
}
