/** Makes the zip of a Python action, or finds it made, without starting Python. */
import { randomUUID } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { makeBuildDir, removeOld } from './build-folder';
import { findBuilt, type PackagedAction } from './built';
import { compileSources } from './byte-code';
import { type Entry, hashEntries, listFilesBelow, sortEntries } from './entries';
import { PackagingError } from './errors';
import { listLibraries, TOOL_REQUIREMENTS } from './libraries';
import { findOriginHere, findOriginInImage } from './origin';
import { checkSize } from './size-limit';
import { writeZip } from './zip';

/** What an action consists of. */
export interface PackageActionArgs {
  /** Name for the file and for messages: lower-case letters, digits and dashes. */
  readonly name: string;
  /** Folders by their place in the zip: `''` for the root, which must hold `__main__.py`, `lib` for `lib/`. */
  readonly sources: Readonly<Record<string, string>>;
  /** A requirements file, every requirement pinned with hashes. */
  readonly requirements: string;
  /** What these are, in words for messages: `Google's storage library`. */
  readonly libraries: string;
  /** Where builds and their caches are kept; made, and hidden from git, if need be. */
  readonly buildDir: string;
  /** An interpreter here of the runtime's minor version, by path or name; the system's `python3` if left out. */
  readonly python?: string;
  /** The container image that the libraries are made inside of, by Docker; then `python` is not used. */
  readonly image?: string;
  /** Told in plain lines what takes time; never called when the zip is there already. */
  readonly onProgress?: (line: string) => void;
}

/** Raise it when the same sources are to give another zip. */
const FORMAT = 3;

/**
 * The zip of an action; built only if sources, pins, Python's minor version or the kind of machine changed, or the
 * image. A zip that is there needs neither Python nor Docker.
 * @throws PackagingError a missing `__main__.py`, a syntax error, no interpreter, no Docker engine or image, no network, a zip
 * over OpenWhisk's limit
 */
export async function packageAction(args: PackageActionArgs): Promise<PackagedAction> {
  const folder = path.resolve(args.buildDir, 'actions');
  const origin =
    args.image === undefined ? findOriginHere(args.python) : findOriginInImage(args.image, path.resolve(args.buildDir));
  const { key: machine, interpreter: findInterpreter } = await origin;
  const sources = await listSources(args);
  const pins = [args.requirements, TOOL_REQUIREMENTS].map((file) => ({ name: 'requirements', file }));
  const libraries = await hashEntries(`${FORMAT}/${machine}`, pins);
  const key = (await hashEntries(libraries, sources)).slice(0, 16);
  const { buildDir, requirements, onProgress } = args;
  const say = onProgress && ((line: string) => onProgress(`${args.name}: ${line}`));
  const cached = await findBuilt(folder, `${args.name}-${key}-`, 'zip', say);
  if (cached !== undefined) return cached;

  const interpreter = await findInterpreter();
  await makeBuildDir(buildDir, folder);
  const draft = path.join(folder, `.${args.name}-${process.pid}-${randomUUID().slice(0, 8)}`);
  try {
    const compiled = await compileSources(args.name, sources, interpreter, `${draft}.compiled`);
    const installed = await listLibraries({
      buildDir: path.resolve(buildDir),
      key: libraries.slice(0, 16),
      requirements,
      title: args.libraries,
      interpreter,
      onProgress: say,
    });
    const entries = [...sources, ...compiled, ...installed];
    say?.(`zipping ${entries.length} files ...`);
    const packaged = await build(draft, args.name, key, entries);
    await removeOld(folder, args.name, packaged.file);
    return packaged;
  } finally {
    await rm(`${draft}.compiled`, { recursive: true, force: true });
  }
}

async function listSources({ name, sources }: PackageActionArgs): Promise<Entry[]> {
  const parts = Object.entries(sources).map(([place, folder]) =>
    listFilesBelow(folder, place === '' ? '' : `${place}/`),
  );
  const entries = sortEntries((await Promise.all(parts)).flat());
  const twice = entries.find((entry, index) => entry.name === entries[index + 1]?.name);
  if (twice !== undefined) throw new PackagingError(`The sources of ${name} hold ${twice.name} twice.`);
  if (entries.some((entry) => entry.name === '__main__.py')) return entries;
  throw new PackagingError(`The sources of ${name} have no __main__.py, where OpenWhisk looks for main(args).`);
}

async function build(draft: string, name: string, key: string, entries: readonly Entry[]): Promise<PackagedAction> {
  try {
    const { bytes, sha256 } = await writeZip(draft, entries);
    await checkSize(name, bytes, entries);
    const file = path.join(path.dirname(draft), `${name}-${key}-${sha256}.zip`);
    await rename(draft, file);
    return { file, sha256, bytes };
  } finally {
    await rm(draft, { force: true });
  }
}
