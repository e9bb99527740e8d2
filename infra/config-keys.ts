/** Every key of the stack config: what it may hold and which targets use it. infra/README.md says the same in prose. */
import { z } from 'zod';

const BUCKET = /^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/;

const student = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,49}[a-z0-9])?$/)
  .refine((name) => !name.startsWith('goog') && !name.includes('google'));
const bucket = z.string().regex(BUCKET);
const url = z.url({ protocol: /^https?$/ });

/** Google's service-account key file: https://cloud.google.com/iam/docs/keys-create-delete */
const serviceAccountKey = z.string().refine((text) => {
  try {
    const key: unknown = JSON.parse(text);
    return z
      .looseObject({ type: z.literal('service_account'), client_email: z.string(), private_key: z.string() })
      .safeParse(key).success;
  } catch {
    return false;
  }
});

/** One key of the stack config. */
export interface ConfigKey {
  readonly schema: z.ZodType<string>;
  /** What is allowed, in words. */
  readonly allowed: string;
  /** A value for the `pulumi config set` line. */
  readonly example: string;
  readonly secret?: boolean;
  /** Targets that cannot do without it, and further ones that take it; for any other target it is a mistake. */
  readonly needed: readonly Target[];
  readonly optional: readonly Target[];
}

/** Where OpenWhisk runs. `gke` joins this list with the stack that makes the cluster. */
export const TARGETS = ['local', 'existing'] as const;
/** One of {@link TARGETS}. */
export type Target = (typeof TARGETS)[number];

/** All keys, without the `pdfmagic:` before them. */
export const KEYS = {
  student: {
    schema: student,
    allowed: 'a DNS label of at most 51 characters (a-z, 0-9, -; starts with a letter; no "google"), unique in the lab',
    example: 'ada',
    needed: ['local', 'existing'],
    optional: [],
  },
  target: {
    schema: z.enum(TARGETS),
    allowed: 'local (an OpenWhisk on this machine, the default) or existing (an OpenWhisk you have)',
    example: 'local',
    needed: [],
    optional: ['local', 'existing'],
  },
  platformDir: {
    schema: z.string().min(1),
    allowed: 'the data folder of the platform on this machine',
    example: '.pdfmagic',
    needed: [],
    optional: ['local'],
  },
  apihost: {
    schema: url,
    allowed: 'the URL of the OpenWhisk API host, http:// or https://',
    example: 'https://openwhisk.example.org',
    needed: ['existing'],
    optional: [],
  },
  auth: {
    schema: z.string().regex(/^[0-9a-fA-F-]{36}:\S+$/),
    allowed: 'the OpenWhisk key, UUID:KEY',
    example: 'UUID:KEY',
    secret: true,
    needed: ['existing'],
    optional: [],
  },
  namespace: {
    schema: z.string().regex(/^\w([\w@ .-]*[\w@.-])?$/),
    allowed: 'an OpenWhisk namespace; _ (the default) is the one of the key',
    example: '_',
    needed: [],
    optional: ['existing'],
  },
  caCertificate: {
    schema: z.string().regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/),
    allowed: 'the certificate of the CA that signed the API host, in PEM form',
    example: '-- "$(cat ca.pem)"',
    needed: [],
    optional: ['existing'],
  },
  image: {
    schema: z.string().regex(/^[\w][\w.\-/:@]*$/),
    allowed: 'a container image: an OpenWhisk Python runtime with ImageMagick that may write PDF',
    example: 'matbac/action-python-v3.9:imagemagick-pdf',
    needed: ['existing'],
    optional: [],
  },
  python: {
    schema: z.string().min(1),
    allowed: 'a Python interpreter on this machine of the same minor version as the one in the image',
    example: 'python3.9',
    needed: ['existing'],
    optional: [],
  },
  inBucket: {
    schema: bucket,
    allowed: 'the bucket that JPEGs are put into',
    example: 'ada-convert-in',
    needed: ['existing'],
    optional: [],
  },
  outBucket: {
    schema: bucket,
    allowed: 'the bucket that PDFs are put into; not the in bucket',
    example: 'ada-convert-out',
    needed: ['existing'],
    optional: [],
  },
  serviceAccountKey: {
    schema: serviceAccountKey,
    allowed: 'a Google service-account key in JSON form, with type, client_email and private_key',
    example: '-- "$(cat key.json)"',
    secret: true,
    needed: ['existing'],
    optional: [],
  },
  storageEndpoint: {
    schema: url,
    allowed: 'the URL of a Cloud Storage emulator; leave it out for the real one',
    example: 'http://127.0.0.1:4443',
    needed: [],
    optional: ['existing'],
  },
} as const satisfies Record<string, ConfigKey>;

export type KeyName = keyof typeof KEYS;
