/** The verbs of a Pulumi provider, over the control API: the same for services and triggers. */
import { changedInputs, checkInputs, pick } from '@pdfmagic/openwhisk/dynamic';
import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { get, isGone, type Kind, put, remove } from './control-client';
import { type CommonInputs, type InputsSchema, MARK } from './control-inputs';

/** What a dynamic provider has to have. */
export interface Provider<I extends CommonInputs> {
  check(olds: I, news: I): Promise<CheckResult<I>>;
  diff(id: string, olds: I, news: I): Promise<DiffResult>;
  create(inputs: I): Promise<CreateResult>;
  read(id: string, olds: I): Promise<ReadResult>;
  update(id: string, olds: I, news: I): Promise<UpdateResult>;
  delete(id: string, olds: I): Promise<void>;
}

/** Outputs that the control API gives and no program. */
const OUTPUTS = ['url'];

/** What to do when nothing answers is no property of what is deployed. */
function withoutHint(control: unknown): unknown {
  if (typeof control !== 'object' || control === null) return control;
  return { ...control, startHint: undefined, provesKey: undefined };
}

/** Whether this resource made what is there, in a run that was killed before the state knew. */
function isOwn(found: Readonly<Record<string, unknown>>, { annotations = {} }: CommonInputs): boolean {
  const { annotations: theirs } = found;
  const mark = annotations[MARK];
  return (
    mark !== undefined &&
    typeof theirs === 'object' &&
    theirs !== null &&
    Object.entries(theirs).some(([key, value]) => key === MARK && value === mark)
  );
}

/** The provider of one kind of resource. @param schema all its inputs: `commonInputs`, and those that are its specification */
export function providerOf<I extends CommonInputs>(kind: Kind, schema: InputsSchema): Provider<I> {
  const names = Object.keys(schema.shape).filter((name) => name !== 'adopt');
  const specified = names.filter((name) => name !== 'control' && name !== 'name');
  const compared = Object.fromEntries(
    names.map((name) => [name, name === 'control' ? { canonical: withoutHint } : {}]),
  );
  const deploy = async (inputs: I) => {
    const answer = await put(kind, inputs, pick(inputs, specified));
    return { ...pick(inputs, names), ...pick(answer, OUTPUTS) };
  };
  return {
    async check(_olds, news) {
      return checkInputs(schema, news);
    },
    async diff(_id, olds, news) {
      const changed = changedInputs(compared, olds, news);
      const replaces = changed.filter((name) => name === 'name');
      // The engine asks nobody else whether it is still there: a killed run may have deleted it, or a deleted store.
      const changes = changed.length > 0 || (await isGone(kind, news));
      return { changes, replaces, deleteBeforeReplace: replaces.length > 0 };
    },
    async create(inputs) {
      const found = inputs.adopt === true ? undefined : await get(kind, inputs);
      if (found !== undefined && !isOwn(found, inputs)) {
        throw new Error(
          `${inputs.name} already exists among the ${kind} at ${inputs.control.endpoint} and was not created by this ` +
            'resource, so it is unchanged.\nDelete it, choose another name, or set `adopt: true` to take it over.',
        );
      }
      return { id: inputs.name, outs: await deploy(inputs) };
    },
    async read(id, olds) {
      const found = await get(kind, olds);
      if (found === undefined) return { id: '' };
      const inputs = { ...pick(olds, ['control', 'name']), ...pick(found, specified) };
      return { id, props: { ...inputs, ...pick(found, OUTPUTS) }, inputs };
    },
    async update(_id, _olds, news) {
      return { outs: await deploy(news) };
    },
    async delete(_id, olds) {
      await remove(kind, olds);
    },
  };
}
