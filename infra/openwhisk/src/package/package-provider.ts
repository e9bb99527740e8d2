import type { CheckResult, CreateResult, DiffResult, ReadResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { openClient } from '../connection/openwhisk-client';
import { checkInputs } from '../dynamic/check-inputs';
import { compareEntities, findChangedProperties } from '../entity/entity-difference';
import { asDocument, toObject } from '../entity/entity-document';
import { orGone } from '../entity/entity-gone';
import { createEntity, deleteEntity, explainErrors, findEntity, staysInNamespace } from '../entity/lifecycle';
import { makeFoundState, makeWrittenState } from '../entity/refreshed-state';
import type { JsonObject } from '../json';
import type { Doing } from '../request/explain';
import { withRetries } from '../request/retry';
import { makePackageBody, type PackageDocument, packageInputsOf, packageProperties } from './package-document';
import { checkPackage, type PackageInputs, type PackageOutputs, packageSchema } from './package-inputs';

const INPUTS = Object.keys(packageSchema.shape);

/** Reports every bad input by name. */
export async function check(_olds: PackageInputs, news: PackageInputs): Promise<CheckResult<PackageInputs>> {
  return checkInputs(packageSchema, news, checkPackage);
}

/** Says what an update would change, or make again. */
export async function diff(_id: string, olds: PackageOutputs, news: PackageInputs): Promise<DiffResult> {
  return orGone(compareEntities(packageProperties, olds, news), news.connection, () => makeRequests(news).get());
}

/** Creates the package, or adopts one. */
export async function create(inputs: PackageInputs): Promise<CreateResult> {
  const { get, put } = makeRequests(inputs);
  return createEntity<PackageDocument>({
    doing: describeStep('create', inputs),
    adopt: inputs.adopt ?? false,
    mark: inputs.mark,
    find: get,
    create: () => put(inputs, false),
    takeOver: () => withRetries('any', () => put(inputs, true)),
    isOurs: async (found) => isSame(found, inputs, await readInherited(inputs)),
    result: (document) => makeResult(inputs, document),
  });
}

/** Brings the package into the state of `news`; makes it again when it has vanished. */
export async function update(_id: string, olds: PackageOutputs, news: PackageInputs): Promise<UpdateResult> {
  return explainErrors(describeStep('update', news), async () => {
    const { get, put } = makeRequests(news);
    const existing = await findEntity(get);
    if (existing !== undefined) staysInNamespace(describeStep('update', news), olds.namespace, existing.namespace);
    const untouched = existing !== undefined && existing.version === olds.version;
    if (untouched && findChangedProperties(packageProperties, olds, news).length === 0) {
      return { outs: makeResult(news, existing).outs };
    }
    return { outs: makeResult(news, await withRetries('any', () => put(news, true))).outs };
  });
}

/** Finds what became of the package; an empty id says it is gone. */
export async function read(id: string, olds: PackageOutputs): Promise<ReadResult> {
  return explainErrors(describeStep('read', olds), async () => {
    const document = await findEntity(makeRequests(olds).get);
    if (document === undefined) return { id: '' };
    const found = packageInputsOf(document, olds, await readInherited(olds));
    return makeFoundState(id, packageProperties, olds, found, document);
  });
}

/** Deletes the package, which must be empty. */
async function remove(_id: string, olds: PackageOutputs): Promise<void> {
  const { packages } = openClient(olds.connection);
  await deleteEntity(describeStep('delete', olds), () => packages.delete({ name: olds.name }));
}

export { remove as delete };

function makeRequests({ connection, name }: PackageInputs) {
  const { packages } = openClient(connection);
  return {
    get: async () => asDocument<PackageDocument>(await packages.get({ name })),
    put: async (inputs: PackageInputs, overwrite: boolean) =>
      asDocument<PackageDocument>(await packages.create({ name, package: makePackageBody(inputs), overwrite })),
  };
}

/** Parameters that a binding has from the package it binds. */
async function readInherited({ connection, binding }: PackageInputs): Promise<JsonObject> {
  if (binding === undefined) return {};
  const { packages } = openClient(connection);
  const namespace = binding.namespace ?? '_';
  const find = async () => asDocument<PackageDocument>(await packages.get({ name: binding.name, namespace }));
  return toObject((await findEntity(find))?.parameters);
}

function isSame(document: PackageDocument, inputs: PackageInputs, inherited: JsonObject): boolean {
  const found = packageInputsOf(document, inputs, inherited);
  const { namespace } = document;
  return findChangedProperties(packageProperties, { ...found, namespace }, inputs).length === 0;
}

function makeResult(inputs: PackageInputs, document: PackageDocument | undefined) {
  return makeWrittenState(inputs, INPUTS, document);
}

function describeStep(verb: string, inputs: PackageInputs): Doing {
  const { connection, name, parameters } = inputs;
  return { verb, what: `package "${name}"`, connection, hide: parameters };
}
