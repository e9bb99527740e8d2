/** Keys of the runtime image and of the actions' libraries. */
import { z } from 'zod';
import { type ConfigKey, imageName } from '../key';

export const RUNTIME_KEYS = {
  image: {
    schema: imageName,
    allowed:
      'a container image that is ready: an OpenWhisk Python runtime with ImageMagick that may write PDF (platform cloudrun: an ' +
      'image of cloudrun/Dockerfile)',
    example: 'matbac/action-python-v3.9:imagemagick-pdf',
    needed: ['existing'],
    optional: ['kubernetes', 'gke'],
  },
  baseImage: {
    schema: imageName,
    allowed: 'the OpenWhisk Python action image that runtime/Dockerfile builds on',
    example: 'openwhisk/action-python-v3.11:1.20.0',
    default: 'openwhisk/action-python-v3.11:1.20.0',
    platform: 'openwhisk',
    needed: [],
    optional: ['kubernetes', 'gke'],
  },
  registry: {
    schema: z.string().regex(/^[a-z0-9][a-z0-9.\-:]*(\/[a-z0-9][a-z0-9._-]*)*$/),
    allowed: 'the registry and folder that images are pushed to, without a tag',
    example: 'docker.io/ada',
    needed: [],
    optional: ['existing', 'kubernetes', 'gke'],
  },
  python: {
    schema: z.string().min(1),
    allowed:
      'a Python interpreter on this machine of the same minor version as the one in the image, which makes the libraries ' +
      'of the actions; without it they are made inside the image, by Docker',
    example: 'python3.9',
    platform: 'openwhisk',
    needed: [],
    optional: ['existing', 'kubernetes', 'gke'],
  },
} as const satisfies Record<string, ConfigKey>;
