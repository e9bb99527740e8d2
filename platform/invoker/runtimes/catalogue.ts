/** Which runtime serves which kind and which image. */
import type { ActionCode } from '../contract';
import { describeNode } from './nodejs/nodejs';
import { findPackages, PACKAGES_DIR } from './packages';
import { findPython } from './python/python';
import type { RuntimeDescription } from './runtime';

/** What a sandbox is for: an interpreter, and whether PDFMagic's ImageMagick policy is in force. */
export interface Flavour {
  readonly runtime: RuntimeDescription;
  readonly imagemagickPdf: boolean;
}

/** The runtimes and images of this machine. */
export interface Catalogue {
  readonly runtimes: readonly RuntimeDescription[];
  readonly images: readonly string[];
  /** The runtime for an action's code; undefined when there is none. */
  resolve(exec: ActionCode): Flavour | undefined;
}

async function addPackages(runtime: RuntimeDescription, dir: string): Promise<RuntimeDescription> {
  const packages = await findPackages(runtime, dir);
  return packages === undefined ? runtime : { ...runtime, packages };
}

/**
 * Looks at this machine; without any Python only Node.js actions run.
 * @param families which languages to look for; all unless told
 * @param packages folder in which packages of the runtimes are installed, if any are
 */
export async function findRuntimes(
  families: readonly string[] = ['python', 'nodejs'],
  packages = PACKAGES_DIR,
): Promise<Catalogue> {
  const found = families.includes('python') ? await findPython() : undefined;
  const python = found && (await addPackages(found, packages));
  const nodejs = families.includes('nodejs') ? await addPackages(describeNode(), packages) : undefined;
  const runtimes = [python, nodejs].filter((runtime) => runtime !== undefined);
  const byImage = new Map<string, Flavour>();
  if (python) {
    const image = `pdfmagic/action-python-v${python.kind.slice('python:'.length)}:imagemagick-pdf`;
    byImage.set(image, { runtime: python, imagemagickPdf: true });
  }
  for (const runtime of runtimes) byImage.set(runtime.image, { runtime, imagemagickPdf: false });
  const byKind = new Map(runtimes.map((runtime) => [runtime.kind, { runtime, imagemagickPdf: false }]));

  return {
    runtimes,
    images: [...byImage.keys()],
    resolve({ kind, image = '' }) {
      return kind === 'blackbox' ? byImage.get(image.replace(/^docker\.io\//, '')) : byKind.get(kind);
    },
  };
}
