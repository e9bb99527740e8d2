/**
 * What web actions (`web/`) and the API gateway (`gateway/`) need of the server's core: names, actions, invocations.
 * `activation/core.ts` implements it, on the store and the activation service; nothing here knows about HTTP.
 */

import type { Json, JsonObject } from '../../ground/json';
import type { ActionLimits } from '../invoker/contract';

/** Who a request comes from. One key opens one namespace here. */
export interface Identity {
  /** Also the namespace, e.g. `guest`. */
  readonly subject: string;
  readonly namespace: string;
  readonly uuid: string;
  readonly key: string;
}

/** A parameter or annotation, as OpenWhisk stores them. */
export interface KeyValue {
  readonly key: string;
  readonly value: Json;
  /** Given to the action's environment at `/init` instead of as an argument. */
  readonly init?: boolean;
  readonly encryption?: string;
}

/** An action as seen by name, through packages and bindings, with its parameters merged. */
export interface ResolvedAction {
  /** `guest/pdfmagic/v0`, without a leading slash: the true place, not the binding's. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly annotations: readonly KeyValue[];
  /** Package, then binding, then action; later ones win. */
  readonly parameters: readonly KeyValue[];
  readonly limits: ActionLimits;
  /** `blackbox`, `sequence` or a kind. */
  readonly kind: string;
}

/** A finished activation, reduced to what an HTTP answer needs; `pending` when it went on beyond the wait. */
export type InvocationAnswer =
  | { readonly activationId: string; readonly pending: true }
  | {
      readonly activationId: string;
      readonly pending: false;
      /** 0 success, 1 application error, 2 developer error, 3 internal error. */
      readonly statusCode: 0 | 1 | 2 | 3;
      readonly result: Json;
    };

/** Refused before anything ran; `status` is the HTTP status a caller should see (400, 404, 413, 429, ...). */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = 'Refusal';
  }
}

/** The server as web actions and the API gateway see it: who calls, what a name means, running it, keeping API documents. */
export interface Core {
  /** The identity behind a `Basic` header; undefined when the header is missing, malformed or unknown. */
  authenticate(authorization: string | undefined): Identity | undefined;
  /** The owner of a namespace, whose key runs its web actions; undefined when there is no such namespace. */
  ownerOf(namespace: string): Identity | undefined;
  /** Looks an action up; `packageName` undefined means the default package. Undefined when there is none. */
  findAction(namespace: string, packageName: string | undefined, name: string): Promise<ResolvedAction | undefined>;
  /**
   * Invokes and waits until the action ends or `waitMs` has passed. `payload` already holds everything of the request.
   * @throws Refusal for a full queue (429), a payload above the limit (413), final parameters overridden (400).
   */
  invoke(
    action: ResolvedAction,
    payload: JsonObject,
    options: { readonly waitMs: number; readonly transactionId: string },
  ): Promise<InvocationAnswer>;
  /** API documents of the gateway, by tenant (the UUID of a key) and base path, in order of creation. */
  readonly apis: {
    list(tenant: string): readonly JsonObject[];
    put(tenant: string, basePath: string, document: JsonObject): Promise<void>;
    delete(tenant: string, basePath: string): Promise<void>;
  };
}
