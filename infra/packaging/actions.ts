/** The actions of PDFMagic: each folder of actions/ with a `__main__.py` or an `index.js`, and what goes into its zip. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../ground/errors';
import type { PackagedAction } from './built';
import { PackagingError } from './errors';
import { InvalidPython, mergeInvalid } from './invalid-python';
import { buildNodejsAction, packageNodejsAction } from './nodejs';
import { type PackageActionArgs, packageAction } from './package-action';
import { packagePage } from './page';

/** The folder of the project. */
export const PROJECT_ROOT = path.resolve(__dirname, '..', '..');
/** Where builds are cached unless told otherwise. */
export const BUILD_DIR = path.join(PROJECT_ROOT, 'build');

const ACTIONS = path.join(PROJECT_ROOT, 'actions');
const REQUIREMENTS = path.join(ACTIONS, 'requirements');

/** What a Python action consists of beside its own folder, by whether it works on buckets: its zip is smaller without. */
const PYTHON = {
  conversion: { requirements: 'conversion.txt', shared: ['pdfmagic'], libraries: 'the libraries of the conversion' },
  storage: { requirements: 'storage.txt', shared: ['pdfmagic', 'buckets'], libraries: "Google's storage library" },
} as const;

/** The code of all actions by name, ready to deploy. Also of short ones not the text: it is better not in the state. */
export type PackagedActions = Readonly<Record<string, PackagedAction>>;

/** How and where to package. */
export type PackagingOptions = Pick<PackageActionArgs, 'python' | 'image' | 'onProgress'> & {
  readonly buildDir?: string;
};

/** Packages each folder of actions/ that is an action. @throws PackagingError as `packageAction`, with what is wrong with each of them */
export async function packageActions(options: PackagingOptions = {}): Promise<PackagedActions> {
  const python = listActions('__main__.py').map(
    async (name) => [name, await packagePythonAction(name, options)] as const,
  );
  const nodejs = listActions('index.js').map(async (name) => [name, await packageByNode(name, options)] as const);
  return Object.fromEntries(await waitForAll([...python, ...nodejs]));
}

/** Names of the actions that begin with such a file. */
export function listActions(entry: '__main__.py' | 'index.js'): string[] {
  return readdirSync(ACTIONS)
    .filter((name) => existsSync(path.join(ACTIONS, name, entry)))
    .sort();
}

async function packageByNode(name: string, { buildDir = BUILD_DIR }: PackagingOptions): Promise<PackagedAction> {
  const folder = path.join(ACTIONS, name);
  if (name === 'page') return packagePage(folder, buildDir);
  return packageNodejsAction(name, folder, buildDir, () => buildNodejsAction(path.join(folder, 'index.js')));
}

/** As `Promise.all`, but when it fails nothing goes on behind its back, and every PackagingError is in the message. */
async function waitForAll<T>(parts: readonly Promise<T>[]): Promise<T[]> {
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
export async function packagePythonAction(name: string, options: PackagingOptions = {}): Promise<PackagedAction> {
  const own = path.join(ACTIONS, name);
  const { requirements, shared, libraries } = PYTHON[importsBuckets(own) ? 'storage' : 'conversion'];
  return packageAction({
    buildDir: BUILD_DIR,
    ...options,
    name,
    sources: { '': own, ...Object.fromEntries(shared.map((folder) => [folder, path.join(ACTIONS, folder)])) },
    requirements: path.join(REQUIREMENTS, requirements),
    libraries,
  });
}

function importsBuckets(folder: string): boolean {
  const sources = readdirSync(folder).filter((name) => name.endsWith('.py'));
  return sources.some((name) => /^\s*(?:from|import) buckets\b/m.test(readFileSync(path.join(folder, name), 'utf8')));
}
