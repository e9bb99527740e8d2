/**
 * Pulumi's SDK notes where in the program each resource was made, for an engine that shows it, and where each promise was made, for
 * whoever looks for one that never ends. Here nobody reads either, and to write a stack trace down takes longer than all else that
 * the SDK does for a resource.
 */
import * as pulumi from '@pulumi/pulumi';

/** `resource.ts`: `Resource.stackTrace`. */
interface Traced {
  stackTrace(skip: number): readonly object[];
}

/** `runtime/debuggable.ts`. */
interface Debuggable {
  /** Whether the environment variable PULUMI_DEBUG_PROMISE_LEAKS asks for the traces. */
  readonly debugPromiseLeaks: boolean;
  debuggablePromise<T>(promise: Promise<T>, context?: unknown): Promise<T>;
}

/** From now on there are no such notes. */
export function leaveOutTraces(): void {
  (pulumi.Resource as unknown as Traced).stackTrace = () => [];
  const sdk = require('@pulumi/pulumi/runtime/debuggable') as Debuggable;
  if (sdk.debugPromiseLeaks) return;
  const { debuggablePromise } = sdk;
  sdk.debuggablePromise = (promise, context) => {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return debuggablePromise(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}
