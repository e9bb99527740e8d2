/** What is as it was is not written down again: an `up` without a change writes no state for any resource. */
import { expect, test } from 'vitest';
import { Deployment } from '../../runner/engine/deployment';
import { PROVIDER_KEY, type Provider, ProviderLoader } from '../../runner/engine/dynamic-provider';
import type { Registration } from '../../runner/engine/registration';
import { Run } from '../../runner/engine/run';
import { Redactor } from '../../runner/state/redact';
import { emptyState } from '../../runner/state/stack-state';

const URN = 'urn:pulumi:s::p::pulumi-nodejs:dynamic:Resource::one';
const provider: Provider = {
  check: async (_, inputs) => ({ inputs }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: '1', outs: inputs }),
};

class OneProvider extends ProviderLoader {
  override load(): Promise<Provider> {
    return Promise.resolve(provider);
  }
}

const registration: Registration = {
  ...{ urn: URN, aliases: [], type: 'pulumi-nodejs:dynamic:Resource', name: 'one', custom: true, parent: undefined },
  ...{
    inputs: { a: 1, [PROVIDER_KEY]: 'text' },
    dependencies: ['urn:other'],
    propertyDependencies: { a: ['urn:other'] },
  },
  ...{ protect: false, retainOnDelete: false, deletedWith: undefined, deleteBeforeReplace: undefined },
  ...{ ignoreChanges: [], replaceOnChanges: [], additionalSecretOutputs: [], unsupported: [] },
};

test('a resource that is the same is written down only if something of its own has changed', async () => {
  const state = emptyState('p', 's');
  /** Runs the program with this resource. @returns how often the state was to be written */
  const savesOf = async (changed: Partial<Registration> = {}): Promise<number> => {
    let saves = 0;
    const run = new Run({
      ...{ state, save: () => (saves += 1), providers: new OneProvider('.', 'p', {}), redactor: new Redactor() },
      ...{ emit: () => undefined, preview: false, adoptInput: undefined, replace: [] },
    });
    expect(await new Deployment(run).register({ ...registration, ...changed })).toMatchObject({
      status: 'done',
      id: '1',
    });
    return saves;
  };
  expect(await savesOf()).toBeGreaterThan(0);
  expect(await savesOf()).toBe(0);
  expect(await savesOf({ protect: true })).toBe(1);
  expect(state.resources).toMatchObject([{ urn: URN, protect: true }]);
  expect(await savesOf({ protect: true })).toBe(0);
  expect(await savesOf({ protect: true, dependencies: [] })).toBe(1);
  // Under another name: that is written down before anything else is done.
  expect(await savesOf({ protect: true, dependencies: [], urn: `${URN}-new`, aliases: [URN] })).toBe(1);
  expect(state.resources).toMatchObject([{ urn: `${URN}-new`, dependencies: [] }]);
});
