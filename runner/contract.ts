/** What goes into a run on a stack and what comes out of it. */
import type { Json } from '../ground/json';

/** A value of the stack config: text, as `pulumi config set` takes it, or a secret text. */
export type ConfigValue = string | { readonly secret: string };

/** Which stack, and where its state is. */
export interface StackLocation {
  /** Name of the Pulumi project (`name` in Pulumi.yaml). */
  readonly project: string;
  /** Name of the stack. */
  readonly stack: string;
  /** Folder of the state files; made when missing. Keep it as private as the secrets in it. */
  readonly stateDir: string;
}

/** What `preview`, `up`, `refresh` and `destroy` take. */
export interface StackOptions extends StackLocation {
  /** Folder of the Pulumi project: the program runs in it, and providers resolve their `require`s from it. */
  readonly projectDir: string;
  /** The program's file, relative to `projectDir`; `index.ts` when absent. */
  readonly program?: string;
  /** Config keys, `project:` before them left out or not, and their values. */
  readonly config?: Readonly<Record<string, ConfigValue>>;
  /**
   * Name of a boolean input (such as `adopt`) that lets a provider's create take over what is there already. It is set
   * for a create that an earlier run was killed in, where nobody knows whether the object was made.
   */
  readonly adoptInput?: string;
  /** Resources to make anew although nothing about them has changed: names, or URNs. For `up` and `preview`. */
  readonly replace?: readonly string[];
  /** Environment of the program; the caller's when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told of each step as it begins and ends. */
  readonly onEvent?: (event: StackEvent) => void;
  /** Ends the run after the step that is under way. */
  readonly signal?: AbortSignal;
}

/** What is done to a resource. `refresh` is `read` with what it found: nothing, a change, or that it is gone. */
export type Operation = 'same' | 'create' | 'update' | 'replace' | 'delete' | 'read' | 'changed' | 'gone';

/** Progress of one resource. Never holds a secret. */
export interface ResourceEvent {
  readonly kind: 'resource';
  readonly urn: string;
  /** The last part of the URN. */
  readonly name: string;
  /** The type without `pulumi-nodejs:dynamic`, e.g. `openwhisk:Action`. */
  readonly type: string;
  readonly operation: Operation;
  /** `planned` in a preview; `skipped` when something it needs has failed, or the run was ended. */
  readonly status: 'planned' | 'started' | 'done' | 'failed' | 'skipped';
  /** Names of the properties that differ. */
  readonly properties?: readonly string[];
  /** Why it failed or was skipped. */
  readonly message?: string;
}

/** A line that the program or a provider printed, or a remark of the runner. */
export interface LogEvent {
  readonly kind: 'log';
  readonly severity: 'info' | 'warning';
  readonly text: string;
}

/** What `onEvent` is told while a run goes on; `kind` tells which. */
export type StackEvent = ResourceEvent | LogEvent;

/** Something that went wrong; the rest of the run went on as far as it could. */
export interface Failure {
  /** The resource, unless the program itself failed. */
  readonly urn?: string;
  readonly message: string;
}

/** What a run did, or in a preview would do. */
export interface StackResult {
  /** How often each operation was done. */
  readonly changes: Readonly<Partial<Record<Operation, number>>>;
  /** The stack's outputs, `[secret]` and `[unknown]` in place of such values. */
  readonly outputs: Readonly<Record<string, Json>>;
}

/** Said of a run that somebody ended. */
export const STOPPED = 'The run was stopped before it finished. What it did is in the state.';

/** A run in which something failed. The state holds all that was done; running again goes on from there. */
export class StackError extends Error {
  override readonly name = 'StackError';

  constructor(
    readonly failures: readonly Failure[],
    readonly result: StackResult | undefined,
  ) {
    super(failures.map(describeFailure).join('\n'));
  }
}

function describeFailure({ urn, message }: Failure): string {
  return urn === undefined ? message : `${urn.split('::').at(-1)}: ${message}`;
}
