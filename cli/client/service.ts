/** What the ways need to reach a stack. */

import { TRIGGER } from '../../contract/names';
import type { Stack } from '../stack/stack';
import { CloudBucket } from './buckets';
import { Http } from './http';
import { OpenWhiskApi } from './openwhisk';

/** A stack, reached. */
export interface Service {
  readonly stack: Stack;
  readonly http: Http;
  /** Undefined on Cloud Run. */
  readonly openwhisk: OpenWhiskApi | undefined;
  readonly inBucket: CloudBucket;
  readonly outBucket: CloudBucket;
}

/** Opens what is needed; nothing is sent yet. @param insecure take any certificate; @param many whether there will be many requests */
export function openService(stack: Stack, insecure = false, many = false): Service {
  bypassProxies();
  const http = new Http({ caCertificate: stack.caCertificate, insecure }, many);
  return {
    stack,
    http,
    openwhisk: stack.openwhisk && new OpenWhiskApi(http, stack.openwhisk),
    inBucket: new CloudBucket(stack, stack.inBucket),
    outBucket: new CloudBucket(stack, stack.outBucket),
  };
}

/** Opens the OpenWhisk of a platform on this machine, whatever is deployed there. */
export function openPlatformApi(apihost: string, auth: string): OpenWhiskApi {
  bypassProxies();
  const http = new Http({ caCertificate: undefined, insecure: false });
  return new OpenWhiskApi(http, { apihost, namespace: '_', trigger: TRIGGER, key: async () => auth });
}

/** Neither a platform nor an emulator on this machine is behind a proxy; Google's client goes by this, too. */
export function bypassProxies(): void {
  const { env } = process;
  const given = (env.NO_PROXY ?? env.no_proxy ?? '').split(',').filter(Boolean);
  // A process may open many services: each host once.
  env.NO_PROXY = [...new Set([...given, 'localhost', '127.0.0.1', '::1'])].join(',');
  env.no_proxy = env.NO_PROXY;
}
