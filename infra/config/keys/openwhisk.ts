/** Keys that say where an OpenWhisk is, and how it is reached. */
import { z } from 'zod';
import { type ConfigKey, httpUrl, trueOrFalse } from '../key';

export const OPENWHISK_KEYS = {
  apihost: {
    schema: httpUrl,
    allowed:
      'the URL of the OpenWhisk API host, http:// or https:// (target kubernetes: where the cluster will answer)',
    example: 'https://openwhisk.example.org',
    needed: ['existing', 'kubernetes'],
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
    default: '_',
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
  insecure: {
    schema: trueOrFalse,
    allowed:
      'true to accept any certificate of the API host (whoever is in between can read the key), or false, the default',
    example: 'true',
    default: 'false',
    needed: [],
    optional: ['existing'],
  },
} as const satisfies Record<string, ConfigKey>;
