/** Keys of the runtime image and of the actions' libraries. */
import { z } from 'zod';
import type { ConfigKey } from '../key';

/** A name of a container image: https://github.com/distribution/reference */
const image = z.string().regex(/^[\w][\w.\-/:@]*$/);

export const RUNTIME_KEYS = {
  image: {
    schema: image,
    allowed: 'a container image that is ready: an OpenWhisk Python runtime with ImageMagick that may write PDF',
    example: 'matbac/action-python-v3.9:imagemagick-pdf',
    needed: ['existing'],
    optional: ['kubernetes', 'gke'],
  },
  baseImage: {
    schema: image,
    allowed: 'the OpenWhisk Python action image that runtime/Dockerfile builds on',
    example: 'openwhisk/action-python-v3.11:1.20.0',
    default: 'openwhisk/action-python-v3.11:1.20.0',
    needed: [],
    optional: ['kubernetes', 'gke'],
  },
  registry: {
    schema: z.string().regex(/^[a-z0-9][a-z0-9.\-:]*(\/[a-z0-9][a-z0-9._-]*)*$/),
    allowed: 'the registry and folder that the runtime image is pushed to, without a tag',
    example: 'docker.io/ada',
    needed: [],
    optional: ['kubernetes', 'gke'],
  },
  python: {
    schema: z.string().min(1),
    allowed:
      'a Python interpreter on this machine of the same minor version as the one in the image, which makes the libraries ' +
      'of the actions; without it they are made inside the image, by Docker',
    example: 'python3.9',
    needed: [],
    optional: ['existing', 'kubernetes', 'gke'],
  },
} as const satisfies Record<string, ConfigKey>;
