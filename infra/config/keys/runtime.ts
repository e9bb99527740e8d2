/** Keys of the runtime image and of the actions' libraries. */
import { z } from 'zod';
import { type ConfigKey, imageName, registryFolder } from '../key';
import type { Reader } from '../reader';

export const RUNTIME_KEYS = {
  image: {
    schema: imageName,
    allowed:
      'a container image that is ready: an OpenWhisk Python runtime with ImageMagick that may write PDF (platform cloudrun: an ' +
      'image of cloudrun/Dockerfile)',
    note: 'Nothing is built then.',
    example: 'matbac/action-python-v3.9:imagemagick-pdf',
  },
  baseImage: {
    schema: imageName,
    allowed: 'the OpenWhisk Python action image that runtime/Dockerfile builds on',
    note: 'See [runtime/README.md](../runtime/README.md).',
    example: 'openwhisk/action-python-v3.11:1.20.0',
    default: 'openwhisk/action-python-v3.11:1.20.0',
    platform: 'openwhisk',
  },
  registry: {
    schema: registryFolder,
    allowed: 'the registry and folder that images are pushed to, without a tag',
    note: 'On `gke` an Artifact Registry is created unless you give one. On `existing`, only the image of the feed is pushed there.',
    example: 'docker.io/ada',
  },
  python: {
    schema: z.string().min(1),
    allowed:
      'a Python interpreter on this machine, of the same minor version as the one in the image; it installs the libraries ' +
      'of the actions, which Docker otherwise does inside the image',
    note: 'It has to be on the same kind of system as the image: Linux, same CPU.',
    example: 'python3.9',
    platform: 'openwhisk',
  },
} as const satisfies Record<string, ConfigKey>;

/** A runtime image that needs no build. */
export interface ReadyRuntimeConfig {
  readonly image: string;
  /** An interpreter here that installs the actions' libraries; Docker does inside the image when undefined. */
  readonly python: string | undefined;
}

/** A runtime image that runtime/Dockerfile makes. */
export interface BuiltRuntimeConfig {
  readonly image: undefined;
  readonly baseImage: string;
  /** Registry and folder; target gke creates one when undefined. */
  readonly registry: string | undefined;
  readonly python: string | undefined;
}

/** What the actions run in: a ready image, or one to build. */
export function readRuntime(read: Reader<keyof typeof RUNTIME_KEYS>): ReadyRuntimeConfig | BuiltRuntimeConfig {
  const image = read.maybe('image');
  const python = read.maybe('python');
  if (image !== undefined) return { image, python };
  return { image, baseImage: read.text('baseImage'), registry: read.maybe('registry'), python };
}
