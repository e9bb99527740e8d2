/** Which runtime serves which kind and which image. */
import type { ActionCode } from '../contract';
import { describeNode } from './nodejs/nodejs';
import { findPython } from './python/python';
import type { RuntimeDescription } from './runtime';

/** What runs an action: an interpreter, and whether PDFMagic's ImageMagick policy is in force. */
export interface ResolvedRuntime {
  readonly runtime: RuntimeDescription;
  readonly imagemagickPdf: boolean;
}

/** The runtimes and images of this machine. */
export interface Catalogue {
  readonly runtimes: readonly RuntimeDescription[];
  readonly images: readonly string[];
  /** The runtime for an action's code; a message for the developer when there is none. */
  resolve(exec: ActionCode): ResolvedRuntime | { readonly error: string };
}

/** Looks at this machine; without any Python only Node.js actions run. */
export async function findRuntimes(): Promise<Catalogue> {
  const python = await findPython();
  const runtimes = [python, describeNode()].filter((runtime) => runtime !== undefined);
  const byImage = new Map<string, ResolvedRuntime>();
  if (python) {
    const image = `pdfmagic/action-python-v${python.kind.slice('python:'.length)}:imagemagick-pdf`;
    byImage.set(image, { runtime: python, imagemagickPdf: true });
  }
  for (const runtime of runtimes) byImage.set(runtime.image, { runtime, imagemagickPdf: false });
  const byKind = new Map(runtimes.map((runtime) => [runtime.kind, runtime]));

  return {
    runtimes,
    images: [...byImage.keys()],
    resolve({ kind, image }) {
      if (kind === 'blackbox') {
        const known = byImage.get((image ?? '').replace(/^docker\.io\//, ''));
        const images = [...byImage.keys()].join(', ');
        return (
          known ?? { error: `Failed to pull container image '${image ?? ''}'. Images that exist here: ${images}.` }
        );
      }
      const runtime = byKind.get(kind);
      const kinds = [...byKind.keys()].map((name) => `'${name}'`).join(', ');
      if (runtime) return { runtime, imagemagickPdf: false };
      return {
        error: `The specified runtime '${kind}' is not supported by this platform. Valid values are: ${kinds}.`,
      };
    },
  };
}
