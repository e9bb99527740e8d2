/** What the handlers of a collection work with: the server's parts, and one authenticated request. */

import type { JsonObject } from '../../../ground/json';
import type { Invoker } from '../../invoker/contract';
import type { ActivationService } from '../activation/service';
import type { Identity } from '../core';
import type { Store } from '../store/store';
import type { Query } from './request';

/** Parts of the server that the REST API works on. */
export interface ApiParts {
  readonly store: Store;
  readonly service: ActivationService;
  readonly invoker: Invoker;
  /** Invocations accepted and not ended, at most; shown as a limit. */
  readonly maxInFlight: number;
}

/** One authenticated request to a collection. */
export interface Call extends ApiParts {
  readonly identity: Identity;
  readonly method: string;
  /** The namespace named in the path, `_` replaced. */
  readonly namespace: string;
  readonly query: Query;
  /** Reads all headers, by lower-case name. */
  readonly headers: () => JsonObject;
  readonly contentType: string | undefined;
  readonly body: Buffer;
  readonly transactionId: string;
}
