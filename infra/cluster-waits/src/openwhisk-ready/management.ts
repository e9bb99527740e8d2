/** The API gateway's management needs no key, so it must be closed to the world. */
import type { Clock } from '../cluster/clock';
import { ask } from './ask-openwhisk';

/** Where to look from outside. */
export interface Gateway {
  readonly apihost: string;
  readonly caCertificate: string;
  /** Namespace of the gateway: the UUID of the key. */
  readonly tenant: string;
  /** True when the whole world can reach the host: then an open management is an error, else a warning. */
  readonly isPublic: boolean;
}

/**
 * Asks for `/v2/<tenant>/apis`, which lists APIs where nothing stands before it (apache/openwhisk-apigateway, doc/v2).
 * @throws Error when it answers and the host is public
 */
export async function checkManagement(
  { apihost, caCertificate, tenant, isPublic }: Gateway,
  clock: Clock,
): Promise<void> {
  const reply = await ask({ url: `${apihost}/v2/${tenant}/apis`, caCertificate });
  if (reply.kind !== 'answer' || reply.status !== 200 || !isJson(reply.body)) return;
  const finding =
    `The API gateway's management answers at ${apihost}/v2 without a key: whoever reaches that address can change the ` +
    'APIs. The cluster does not enforce network policies.';
  if (!isPublic) {
    clock.report(`warning: ${finding} Keep it away from networks that you do not trust.`);
    return;
  }
  throw new Error(
    `${finding} On GKE, Dataplane V2 does (datapathProvider ADVANCED_DATAPATH, chosen when the cluster is created). Create the ` +
      'cluster again with it, or block the address with a firewall.',
  );
}

function isJson(body: string): boolean {
  return /^\s*[[{]/.test(body);
}
