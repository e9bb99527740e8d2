/** What the actions run in, and the zips made for it: the virtualenv in a zip and the image's Python must match. */
import * as pulumi from '@pulumi/pulumi';
import { explainFileError } from '../../ground/file-error';
import { buildRuntimeImage } from '../image/build-image';
import { type PackagedActions, PackagingError, type PackagingOptions, packageActions } from '../packaging';
import type { Platform } from '../platform';

/** The runtime of the Python actions, with all code ready to deploy. */
export interface Runtime {
  /** Container image with ImageMagick, known once it is where actions run. */
  readonly image: pulumi.Output<string>;
  /** The file with the code of an action. Unknown in a preview while the image has still to be built. */
  readonly code: (action: string) => pulumi.Output<string>;
}

/**
 * Builds and pushes the image unless one is ready, and packages the actions for it: by an interpreter here, if the config
 * names one, else inside the image. @throws pulumi.RunError when that fails, in words.
 */
export async function buildRuntime({ runtime, keepImage = (image) => image }: Platform): Promise<Runtime> {
  const built = runtime.image === undefined ? buildRuntimeImage(runtime) : pulumi.output(runtime.image);
  const image = keepImage(built);
  const { python } = runtime;
  // Here before any resource waits for it: a failure is then one of the program, said once.
  const packaged =
    python === undefined
      ? built.apply((name) => packageFor({ image: name }))
      : pulumi.output(await packageFor({ python }));
  return { image, code: (action) => packaged.apply((actions) => findFile(actions, action)) };
}

function findFile(actions: PackagedActions, name: string): string {
  const file = actions[name]?.file;
  if (file === undefined) throw makeFixedError(`actions/${name} has neither __main__.py nor index.js.`);
  return file;
}

async function packageFor(interpreter: Pick<PackagingOptions, 'python' | 'image'>): Promise<PackagedActions> {
  try {
    return await packageActions({ ...interpreter, onProgress: (line) => void pulumi.log.info(line) });
  } catch (error) {
    const why = error instanceof PackagingError ? error.message : explainFileError(error);
    throw why === undefined ? error : makeFixedError(why);
  }
}

/** Keeps its message: Pulumi puts `error serializing property` before it for each level that it passes (runtime/rpc.ts). */
function makeFixedError(message: string): pulumi.RunError {
  return Object.defineProperty(new pulumi.RunError(message), 'message', { get: () => message, set: () => undefined });
}
