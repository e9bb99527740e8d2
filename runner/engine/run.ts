/** What all steps of one run share: the state, the providers, and the telling of what happens. */

import { messageOf } from '../../ground/errors';
import type { Json } from '../../ground/json';
import type { Failure, LogEvent, Operation, ResourceEvent, StackEvent } from '../contract';
import type { Redactor } from '../state/redact';
import type { ResourceState, StackState } from '../state/stack-state';
import type { Provider, ProviderLoader } from './dynamic-provider';
import { describeUrn } from './registration';

/** What a run is made of. */
export interface RunParts {
  readonly state: StackState;
  /** Keeps the state; does nothing in a preview. */
  readonly save: () => void;
  readonly providers: ProviderLoader;
  readonly redactor: Redactor;
  readonly emit: (event: StackEvent) => void;
  /** Only says what would be done: providers are asked to check, diff and read, never to change anything. */
  readonly preview: boolean;
  readonly adoptInput: string | undefined;
  /** Names or URNs of resources to be replaced by force. */
  readonly replace: readonly string[];
}

/** One run on a stack. */
export class Run {
  readonly failures: Failure[] = [];
  readonly changes: Partial<Record<Operation, number>> = {};
  /** Somebody asked to end the run: the step under way is the last one. */
  cancelled = false;

  readonly state: StackState;
  readonly preview: boolean;
  readonly adoptInput: string | undefined;
  readonly replace: ReadonlySet<string>;

  constructor(private readonly parts: RunParts) {
    this.state = parts.state;
    this.preview = parts.preview;
    this.adoptInput = parts.adoptInput;
    this.replace = new Set(parts.replace);
    for (const resource of [...this.state.resources, ...this.state.interruptedCreates]) this.learn(resource);
    parts.redactor.learn(this.state.outputs);
  }

  /** Keeps the state. When it cannot be kept the run ends: nothing may be done that the state does not tell of. */
  save(): void {
    try {
      this.parts.save();
    } catch (error) {
      this.cancelled = true;
      throw error;
    }
  }

  provider(serialized: Json): Promise<Provider> {
    return this.parts.providers.load(serialized);
  }

  /** Learns the secrets of a resource, so that no message shows them. */
  learn(resource: Pick<ResourceState, 'inputs' | 'outputs'>): void {
    this.parts.redactor.learn(resource.inputs);
    this.parts.redactor.learn(resource.outputs);
  }

  /** The resource of this URN that is not on its way out. */
  find(urn: string): ResourceState | undefined {
    return this.state.resources.find((resource) => resource.urn === urn && !resource.replaced);
  }

  /** Takes a resource out of the state. */
  drop(resource: ResourceState): void {
    this.state.resources = this.state.resources.filter((other) => other !== resource);
  }

  /** Tells that a step begins; in a preview it is only planned. */
  begin(urn: string, operation: Operation, properties?: readonly string[]): void {
    const status = this.preview ? 'planned' : 'started';
    this.tell(urn, operation, status, properties === undefined ? {} : { properties });
  }

  /** Tells that a step is done, and counts it. */
  done(urn: string, operation: Operation, properties?: readonly string[]): void {
    this.count(operation);
    this.end(urn, operation, properties);
  }

  /** Tells that a part of a step is done, which is not counted by itself. */
  end(urn: string, operation: Operation, properties?: readonly string[]): void {
    if (this.preview && operation !== 'same') return;
    this.tell(urn, operation, 'done', properties === undefined ? {} : { properties });
  }

  count(operation: Operation): void {
    this.changes[operation] = (this.changes[operation] ?? 0) + 1;
  }

  /** Tells that a resource is left alone. */
  skip(urn: string, operation: Operation, message: string): void {
    this.tell(urn, operation, 'skipped', { message: this.redact(message) });
  }

  /** Records that a step failed. */
  fail(urn: string, operation: Operation, error: unknown): void {
    const message = this.redact(messageOf(error));
    this.failures.push({ urn, message });
    this.tell(urn, operation, 'failed', { message });
  }

  /** Records that the run as a whole failed. */
  failProgram(message: string): void {
    this.failures.push({ message: this.redact(message) });
  }

  log(severity: LogEvent['severity'], text: string): void {
    this.parts.emit({ kind: 'log', severity, text: this.redact(text) });
  }

  redact(text: string): string {
    return this.parts.redactor.redact(text);
  }

  private tell(
    urn: string,
    operation: Operation,
    status: ResourceEvent['status'],
    more: Pick<ResourceEvent, 'properties' | 'message'>,
  ): void {
    this.parts.emit({ kind: 'resource', urn, ...describeUrn(urn), operation, status, ...more });
  }
}
