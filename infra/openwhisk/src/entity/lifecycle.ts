import type { CreateResult } from '@pulumi/pulumi/dynamic';
import { PartialFailure } from '../dynamic/partial-failure';
import { type Doing, explain } from '../request/explain';
import { isFailure, RequestError, withRetries } from '../request/retry';
import type { EntityDocument } from './entity-document';
import { isMarked, type Mark, markIn } from './mark';

/** The steps of making an entity; each is one request, tried again by the functions below. */
export interface Creation<D extends EntityDocument> {
  readonly doing: Doing;
  readonly adopt: boolean;
  /** By it an entity is known that this resource made in a run which was killed before it could say so. */
  readonly mark: Mark | undefined;
  /** GET; rejects with the client's error when there is none. */
  readonly find: () => Promise<D>;
  /** PUT without overwrite. */
  readonly create: () => Promise<D>;
  /** Brings an entity that was there already into the wanted state. */
  readonly takeOver: (existing: D) => Promise<D>;
  /** Whether an entity is what `create` would have made: it then is our own, whose answer was lost. */
  readonly isOurs: (existing: D) => Promise<boolean>;
  /** Id and outputs for the state; without a document when nobody could look whether the create took effect. */
  readonly result: (document: D | undefined) => { readonly id: string; readonly outs: object };
}

/** The document of an entity, or undefined when there is none of this kind by this name. */
export async function findEntity<D>(find: () => Promise<D>): Promise<D | undefined> {
  try {
    return await withRetries('any', find);
  } catch (error) {
    if (isFailure(error, 'absent', 'other-collection')) return undefined;
    throw error;
  }
}

/**
 * Creates an entity and never overwrites one that somebody else made, unless told to adopt it. One that bears the mark of
 * this resource is its own, of a run that was killed: it is brought into the wanted state.
 *
 * A create whose answer was lost and that then meets "already exists" recognises its own work, for the entity was not
 * there before. If OpenWhisk stays silent, the entity goes into the state unconfirmed, for the next update to find out.
 * @throws Error explained in words; PartialFailure when it may exist.
 */
export async function createEntity<D extends EntityDocument>(steps: Creation<D>): Promise<CreateResult> {
  try {
    const existing = await findEntity(steps.find);
    if (existing === undefined) return steps.result(await createAbsent(steps));
    return steps.result(await takeUp(steps, existing));
  } catch (error) {
    const words = explain(error, steps.doing);
    if (!(error instanceof UnconfirmedCreation)) throw words;
    const { id, outs } = steps.result(undefined);
    throw new PartialFailure(id, outs, [words.message]);
  }
}

async function createAbsent<D extends EntityDocument>(steps: Creation<D>): Promise<D> {
  try {
    return await withRetries('any', steps.create);
  } catch (error) {
    if (isFailure(error, 'exists')) return adoptOrRefuse(steps, error);
    const silent = isFailure(error, 'lost', 'unavailable', 'refused');
    if (silent && error.answerLost) throw new UnconfirmedCreation(error);
    throw error;
  }
}

/** Somebody made it between our look and our PUT: perhaps ourselves, by a PUT whose answer was lost. */
async function adoptOrRefuse<D extends EntityDocument>(steps: Creation<D>, error: RequestError): Promise<D> {
  const found = await findEntity(steps.find);
  if (found === undefined) throw error;
  if (error.answerLost && (await steps.isOurs(found))) return found;
  return takeUp(steps, found);
}

/** Brings what is there into the wanted state, if this resource made it or is told to adopt it. */
async function takeUp<D extends EntityDocument>(steps: Creation<D>, found: D): Promise<D> {
  if (steps.adopt || isMarked(found.annotations, steps.mark)) return steps.takeOver(found);
  throw makeRefusal(steps.doing, markIn(found.annotations));
}

/** Deletes an entity; one that is gone already, or whose name now is another kind's, is fine. */
export async function deleteEntity(doing: Doing, remove: () => Promise<unknown>): Promise<void> {
  try {
    await withRetries('any', remove);
  } catch (error) {
    if (!isFailure(error, 'absent', 'other-collection')) throw explain(error, doing);
  }
}

/** Runs a step and turns its failure into words. */
export async function explainErrors<T>(doing: Doing, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof PartialFailure) throw error;
    throw explain(error, doing);
  }
}

/**
 * Refuses to go on when a new key leads into another namespace: the entity would be made a second time there and the
 * first one forgotten.
 */
export function staysInNamespace(doing: Doing, before: string | undefined, now: string): void {
  if (before === undefined || before === '_' || before === now) return;
  throw new Error(
    `The key of ${doing.what} now belongs to namespace "${now}", but the entity is in "${before}".\nTo move it there, set connection.namespace to "${now}", which replaces it; to leave it, use a key of "${before}".`,
  );
}

class UnconfirmedCreation extends RequestError {
  constructor(error: RequestError) {
    super(error.failure, true);
  }
}

function makeRefusal({ what }: Doing, maker: Mark | undefined): Error {
  const subject = `${what.charAt(0).toUpperCase()}${what.slice(1)}`;
  const whose = maker === undefined ? '' : ` It was made by ${maker.name} of ${maker.owner}.`;
  const remedy =
    maker === undefined
      ? 'Delete it, choose another name, or set `adopt: true` to take it over and bring it into the state described here.'
      : 'Leave it to that stack and choose another name or namespace. Only if that stack is gone for good, set `adopt: true` to take it over.';
  return new Error(
    `${subject} already exists and was not created by this resource, so it is unchanged.${whose}\n${remedy}`,
  );
}
