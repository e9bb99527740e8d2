/** `Core` for web actions and the API gateway, on the store and the activation service. */
import type { JsonObject } from '../../../ground/json';
import type { Core, Identity, InvocationAnswer, ResolvedAction } from '../core';
import { isSameSecret, readCredentials } from '../credentials';
import type { Store } from '../store/store';
import type { ActivationService } from './service';
import { findTarget, type InvocationTarget } from './target';

function isTarget(action: ResolvedAction): action is InvocationTarget {
  return 'exec' in action && 'revision' in action;
}

/** The `Core` of a running server. */
export class StoreCore implements Core {
  readonly apis: Core['apis'];

  constructor(
    private readonly store: Store,
    private readonly service: ActivationService,
    private readonly identity: Identity,
  ) {
    const { apis } = store;
    this.apis = {
      list: (tenant) => apis.list(tenant),
      put: (tenant, basePath, document) => apis.put(tenant, basePath, document),
      delete: (tenant, basePath) => apis.delete(tenant, basePath),
    };
  }

  authenticate(authorization: string | undefined): Identity | undefined {
    const given = readCredentials(authorization);
    if (!given) return undefined;
    const { uuid, key } = this.identity;
    // Both are compared in any case, so that time tells nothing.
    const [user, password] = [isSameSecret(given.user, uuid), isSameSecret(given.password, key)];
    return user && password ? this.identity : undefined;
  }

  ownerOf(namespace: string): Identity | undefined {
    return namespace === this.identity.namespace ? this.identity : undefined;
  }

  async findAction(
    namespace: string,
    packageName: string | undefined,
    name: string,
  ): Promise<ResolvedAction | undefined> {
    const path = packageName === undefined ? namespace : `${namespace}/${packageName}`;
    return findTarget(this.store.entities, `${path}/${name}`);
  }

  async invoke(
    action: ResolvedAction,
    payload: JsonObject,
    { waitMs, transactionId }: { readonly waitMs: number; readonly transactionId: string },
  ): Promise<InvocationAnswer> {
    const target = isTarget(action) ? action : findTarget(this.store.entities, action.path);
    if (!target) throw new Error(`The action ${action.path} is gone.`);
    const { activationId, record } = await this.service.invoke({ target, payload, transactionId }, waitMs);
    if (!record) return { activationId, pending: true };
    const { statusCode, result = null } = record.response;
    return { activationId, pending: false, statusCode, result };
  }
}
