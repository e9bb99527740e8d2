/** Keys that say where an OpenWhisk is, and how it is reached. */
import { z } from 'zod';
import { type ConfigKey, httpUrl, trueOrFalse } from '../key';
import type { Reader } from '../reader';

export const OPENWHISK_KEYS = {
  apihost: {
    schema: httpUrl,
    allowed:
      'the URL of the OpenWhisk API host, http:// or https:// (on a cluster that you have: where it will answer)',
    note: 'For a cluster, `https://NODE:31001` or the URL of the load balancer.',
    example: 'https://openwhisk.example.org',
  },
  auth: {
    schema: z.string().regex(/^[0-9a-fA-F-]{36}:\S+$/),
    allowed: 'the OpenWhisk key, UUID:KEY',
    example: 'UUID:KEY',
    secret: true,
  },
  namespace: {
    schema: z.string().regex(/^\w([\w@ .-]*[\w@.-])?$/),
    allowed: 'an OpenWhisk namespace; _ (the default) is the one of the key',
    example: '_',
    default: '_',
  },
  caCertificate: {
    schema: z.string().regex(/-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----/),
    allowed: "the certificate of the CA that signed the API host's certificate, in PEM form",
    note: 'Leave it out for a public CA.',
    example: '-- "$(cat ca.pem)"',
  },
  insecure: {
    schema: trueOrFalse,
    allowed:
      'true: accept any TLS certificate of the API host (unsafe: anyone in between can read the key); false, the default',
    example: 'true',
    default: 'false',
  },
} as const satisfies Record<string, ConfigKey>;

/** An OpenWhisk that somebody else runs. */
export function readOpenWhisk(read: Reader<keyof typeof OPENWHISK_KEYS>) {
  return {
    apihost: read.url('apihost'),
    auth: read.secret('auth'),
    namespace: read.text('namespace'),
    caCertificate: read.maybe('caCertificate'),
    insecure: read.flag('insecure'),
  };
}
