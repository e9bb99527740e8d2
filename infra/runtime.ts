/** What the actions run in, and the zips made for it: the virtualenv in a zip and the image's Python must match. */
import * as pulumi from '@pulumi/pulumi';
import { type PackagedActions, PackagingError, packageActions } from './packaging';
import type { Platform } from './platform';

/** The runtime of the Python actions, with all code ready to deploy. */
export interface Runtime {
  /** Container image with ImageMagick. */
  readonly image: string;
  readonly code: PackagedActions;
}

/** Packages the actions for the platform's Python. @throws pulumi.RunError when that fails, in words. */
export async function buildRuntime(platform: Platform): Promise<Runtime> {
  const { image, python } = platform.runtime;
  try {
    const code = await packageActions({ python, onProgress: (line) => void pulumi.log.info(line) });
    return { image, code };
  } catch (error) {
    if (error instanceof PackagingError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
