/** Invocations in few words. */
import { randomBytes } from 'node:crypto';
import type { JsonObject } from '../../ground/json';
import type { ActionLimits, Executable, Invocation } from '../../platform/invoker/contract';

/** What a test says of an invocation beside its code. */
export interface Say {
  readonly name?: string;
  readonly version?: string;
  readonly revision?: string;
  readonly kind?: string;
  readonly image?: string;
  readonly binary?: boolean;
  readonly main?: string;
  readonly parameters?: JsonObject;
  readonly limits?: Partial<ActionLimits>;
  readonly initEnvironment?: JsonObject;
  readonly apiKey?: string;
}

let count = 0;

/** An invocation of an action with a name of its own. */
export function invocation(code: string, say: Say): Invocation {
  const { name = `/guest/action-${count++}`, version = '0.0.1', revision = '1-a', kind = '', binary = false } = say;
  const action: Executable = {
    namespace: 'guest',
    name,
    version,
    revision,
    exec: {
      kind: say.image ? 'blackbox' : kind,
      code,
      binary,
      ...(say.image ? { image: say.image } : {}),
      ...(say.main ? { main: say.main } : {}),
    },
    limits: { timeout: 60_000, memory: 256, logs: 10, concurrency: 1, ...say.limits },
    ...(say.initEnvironment ? { initEnvironment: say.initEnvironment } : {}),
  };
  return {
    activationId: randomBytes(16).toString('hex'),
    transactionId: randomBytes(16).toString('base64url'),
    action,
    parameters: say.parameters ?? {},
    acceptedAt: Date.now(),
    ...(say.apiKey ? { apiKey: say.apiKey } : {}),
  };
}
