/** Looking at what is really there: `refresh`, and the recovery of a resource whose last change did not end well. */
import { changedKeys, markSecrets } from '../state/properties';
import type { ResourceState } from '../state/stack-state';
import { forProvider, fromProvider } from './dynamic-provider';
import { inOrderOfNeed } from './plan';
import type { Run } from './run';

/** What reading found. */
export type Finding =
  | { readonly kind: 'same' }
  | { readonly kind: 'changed'; readonly properties: readonly string[] }
  | { readonly kind: 'gone' };

/** Reads a resource from its provider and brings the state in line; a provider that cannot read finds it the same. */
export async function readResource(run: Run, resource: ResourceState): Promise<Finding> {
  const provider = await run.provider(resource.provider);
  if (provider.read === undefined) return { kind: 'same' };
  const result = await provider.read(resource.id, forProvider(resource.outputs, resource.provider));
  if (!result?.id) {
    run.drop(resource);
    run.save();
    return { kind: 'gone' };
  }
  const inputs =
    result.inputs === undefined ? resource.inputs : markSecrets(fromProvider(result.inputs), resource.inputs);
  const like = { ...inputs, ...resource.outputs };
  const outputs = markSecrets(fromProvider(result.props), like, resource.additionalSecretOutputs);
  // As in the engine, outputs tell: a provider may give inputs in another form than the program does.
  const properties = changedKeys(resource.outputs, outputs);
  Object.assign(resource, { id: result.id, inputs, outputs });
  run.learn(resource);
  run.save();
  return properties.length === 0 ? { kind: 'same' } : { kind: 'changed', properties };
}

/** `refresh`: reads every resource; what has vanished leaves the state. */
export async function refresh(run: Run): Promise<void> {
  for (const resource of inOrderOfNeed(run.state.resources)) {
    if (run.cancelled) return run.skip(resource.urn, 'read', 'the run was stopped');
    run.begin(resource.urn, 'read');
    try {
      const finding = await readResource(run, resource);
      if (finding.kind === 'changed') run.done(resource.urn, 'changed', finding.properties);
      else run.done(resource.urn, finding.kind);
    } catch (error) {
      run.fail(resource.urn, 'read', error);
    }
  }
}
