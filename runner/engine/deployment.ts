/**
 * Brings what is there in line with what a program registers: the part of Pulumi's engine that this runner has.
 *
 * One step at a time. A failed resource makes those that depend on it skipped; independent ones go on, as with
 * `pulumi up --continue-on-error`.
 */
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import pLimit from 'p-limit';
import type { JsonObject } from '../../ground/json';
import { type Operation, STOPPED } from '../contract';
import { containsUnknown, markSecrets } from '../state/properties';
import type { ResourceState } from '../state/stack-state';
import { deleteAll, protectedError, settleInterruptedCreates } from './deletion';
import { PROVIDER_KEY } from './dynamic-provider';
import type { Engine } from './monitor';
import { check, type Decision, decide, dependentsToReplace, effectiveInputs, forceReplacement } from './plan';
import { readResource } from './read';
import { describeUrn, isDynamic, type Registered, type Registration } from './registration';
import type { Run } from './run';
import { create, draft, remove, update } from './steps';

/** `up` and `preview`: give it to the monitor, run the program, then call `finish`. */
export class Deployment implements Engine {
  private readonly registered = new Set<string>();
  /** Failed or skipped: nothing that needs them can be done. */
  private readonly blocked = new Set<string>();
  /** Deleted to be made anew, because something they depend on is replaced. */
  private readonly alongWith = new Set<string>();
  private outputs: JsonObject | undefined;
  private readonly oneAtATime = pLimit(1);

  constructor(private readonly run: Run) {}

  register(registration: Registration): Promise<Registered> {
    return this.oneAtATime(async () => {
      // A turn of the event loop in between, in which a wish to end the run is heard.
      await setImmediate();
      return this.registerNext(registration);
    });
  }

  stackOutputs(outputs: JsonObject): void {
    this.outputs = outputs;
  }

  /** After the program: deletes what it no longer has, unless something failed, and keeps the outputs. */
  async finish(): Promise<void> {
    const { run } = this;
    if (run.cancelled) run.failProgram(STOPPED);
    if (run.failures.length > 0) return;
    this.refuseUnknown();
    if (run.failures.length > 0) return;
    const isGone = (urn: string) => !this.registered.has(urn);
    for (const urn of this.alongWith) if (isGone(urn)) run.count('delete');
    await settleInterruptedCreates(run, isGone);
    await deleteAll(
      run,
      run.state.resources.filter(({ urn, replaced }) => replaced || isGone(urn)),
    );
    if (run.failures.length > 0 || this.outputs === undefined) return;
    run.state.outputs = this.outputs;
    run.save();
  }

  /** A name to be replaced that nothing has is a mistake, and nothing is deleted in a run with one. */
  private refuseUnknown(): void {
    const known = new Set([...this.registered].flatMap((urn) => [urn, describeUrn(urn).name]));
    for (const name of this.run.replace) {
      if (!known.has(name)) this.run.failProgram(`there is no resource ${name} to replace.`);
    }
  }

  private async registerNext(registration: Registration): Promise<Registered> {
    const { run } = this;
    const { urn } = registration;
    if (this.registered.has(urn))
      return this.fail(urn, 'create', new Error('the program has two resources of this type and name'));
    this.registered.add(urn);
    run.learn({ inputs: registration.inputs, outputs: {} });
    const known = this.findKnown(registration);
    const operation = known === undefined ? 'create' : 'update';
    const obstacle = this.findObstacle(registration);
    if (obstacle !== undefined) {
      this.blocked.add(urn);
      if (registration.custom) run.skip(urn, operation, obstacle);
      return { status: 'skipped', id: '', properties: {} };
    }
    if (!registration.custom) return { status: 'done', id: '', properties: registration.inputs };
    try {
      refuseUnsupported(registration);
      const resource = await this.deploy(registration, known);
      return { status: 'done', id: resource.id, properties: resource.outputs };
    } catch (error) {
      return this.fail(urn, operation, error);
    }
  }

  private async deploy(registration: Registration, known: ResourceState | undefined): Promise<ResourceState> {
    const { run } = this;
    const { [PROVIDER_KEY]: serialized = '', ...news } = registration.inputs;
    const provider = await run.provider(serialized);
    const old = known === undefined ? undefined : await this.recover(known);
    const inputs = await check(provider, effectiveInputs(registration, news, old?.inputs), serialized, old);
    const wanted = draft(registration, inputs, serialized);
    if (old === undefined) {
      const operation = this.alongWith.has(registration.urn) ? 'replace' : 'create';
      return this.step(registration.urn, operation, undefined, () => create(run, wanted));
    }
    const ask = () => decide(provider, old, inputs, registration);
    const decision = this.isForced(old) ? forceReplacement(registration) : await this.decide(ask, old, inputs);
    if (decision.kind === 'same') return this.keepSame(old, wanted);
    const { kind, properties } = decision;
    if (kind === 'update') return this.step(old.urn, kind, properties, () => update(run, old, wanted));
    return this.replace(old, wanted, decision);
  }

  /** A change that was cut short, or failed, is made once more even when the inputs are the same. */
  private async decide(ask: () => Promise<Decision>, old: ResourceState, inputs: JsonObject): Promise<Decision> {
    const decision = await ask();
    const redo = decision.kind === 'same' && old.unsettled === 'update' && !containsUnknown(inputs);
    return redo ? { kind: 'update', properties: [] } : decision;
  }

  /** As in the engine, a replacement that is asked for asks no provider. */
  private isForced({ urn }: ResourceState): boolean {
    const { replace } = this.run;
    return replace.has(urn) || replace.has(describeUrn(urn).name);
  }

  /** Looks at a resource whose last change was cut short; it may be gone. */
  private async recover(old: ResourceState): Promise<ResourceState | undefined> {
    if (old.unsettled === undefined) return old;
    const finding = await readResource(this.run, old);
    return finding.kind === 'gone' ? undefined : old;
  }

  private keepSame(old: ResourceState, wanted: ResourceState): ResourceState {
    const outputs = markSecrets(old.outputs, wanted.inputs, wanted.additionalSecretOutputs);
    const same = { ...wanted, id: old.id, outputs };
    // To write the state down takes longer than to see that there is nothing to write.
    if (!isDeepStrictEqual(same, old)) {
      this.run.state.resources = this.run.state.resources.map((resource) => (resource === old ? same : resource));
      this.run.save();
    }
    this.run.done(wanted.urn, 'same');
    return same;
  }

  private async replace(
    old: ResourceState,
    wanted: ResourceState,
    decision: Decision & { kind: 'replace' },
  ): Promise<ResourceState> {
    const { run } = this;
    if (old.protect) throw protectedError();
    if (!decision.deleteFirst) {
      return this.step(wanted.urn, 'replace', decision.properties, () => create(run, wanted, old));
    }
    const dependents = await dependentsToReplace(run, old);
    const kept = dependents.find((dependent) => dependent.protect);
    if (kept !== undefined) throw new Error(`${kept.urn} must be replaced too, but it is protected.`);
    for (const dependent of dependents.reverse()) {
      run.begin(dependent.urn, 'delete');
      this.alongWith.add(dependent.urn);
      await remove(run, dependent);
      run.end(dependent.urn, 'delete');
    }
    return this.step(wanted.urn, 'replace', decision.properties, async () => {
      await remove(run, old);
      return create(run, wanted);
    });
  }

  private async step(
    urn: string,
    operation: Operation,
    properties: readonly string[] | undefined,
    work: () => Promise<ResourceState>,
  ): Promise<ResourceState> {
    this.run.begin(urn, operation, properties);
    const resource = await work();
    this.run.done(urn, operation, properties);
    return resource;
  }

  private findKnown({ urn, aliases }: Registration): ResourceState | undefined {
    for (const name of [urn, ...aliases]) {
      const resource = this.run.find(name);
      if (resource === undefined) continue;
      if (resource.urn !== urn) {
        resource.urn = urn;
        this.run.save();
      }
      return resource;
    }
    return undefined;
  }

  private findObstacle(registration: Registration): string | undefined {
    const { dependencies, propertyDependencies, parent } = registration;
    const needs = [
      ...dependencies,
      ...Object.values(propertyDependencies).flat(),
      ...(parent === undefined ? [] : [parent]),
    ];
    const missing = needs.find((urn) => this.blocked.has(urn));
    if (missing !== undefined) return `it needs ${missing.split('::').at(-1)}, which failed or was skipped`;
    return this.run.cancelled ? 'the run was stopped' : undefined;
  }

  private fail(urn: string, operation: Operation, error: unknown): Registered {
    this.blocked.add(urn);
    this.run.fail(urn, operation, error);
    return { status: 'failed', id: '', properties: {} };
  }
}

/** @throws Error that names what only a real engine can do */
function refuseUnsupported({ type, inputs, unsupported }: Registration): void {
  const what = !isDynamic(type) || inputs[PROVIDER_KEY] === undefined ? [`resources of type ${type}`] : unsupported;
  if (what.length === 0) return;
  throw new Error(
    `this runner supports dynamic resources only, not ${what.join(', ')}. Use the real engine: \`pulumi up\` (or \`npx pulumi up\`).`,
  );
}
