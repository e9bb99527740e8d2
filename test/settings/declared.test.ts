/** What a stack binds, whatever its target: the settings of each action whole, none of them null, all of them final. */
import { describe, expect, test } from 'vitest';
import declared from '../../actions/settings.json';
import { newServiceAccount } from '../actions/keys';
import { all } from '../program/graph';
import { recordStack } from './deployed-program';

const key = JSON.stringify(newServiceAccount().key);
const OWN = { inBucket: 'ada-in', outBucket: 'ada-out', serviceAccountKey: key, uploadKey: key, python: 'python3' };
const EXISTING = {
  ...{ student: 'ada', target: 'existing', image: 'ada/python:1', apihost: 'https://ow.example.org', ...OWN },
  auth: `23bc46b1-71f6-4ed5-8c54-816aa4f8c502:${'k'.repeat(64)}`,
};
const { uploadKey: _, ...withoutUploads } = EXISTING;

describe.each([
  ['existing', EXISTING],
  ['existing, which takes no large files', withoutUploads],
  ['existing, with an emulator and any certificate', { ...EXISTING, storageEndpoint: 'http://a:1', insecure: 'true' }],
  ['gke', { student: 'ada', target: 'gke', project: 'ada-lab-123456', image: 'ada/python:1', python: 'python3' }],
])('a stack of target %s', (_, config) => {
  test('binds all settings of its actions, and no caller can set a parameter that it binds', async () => {
    const { resources } = await recordStack(config as Record<string, string>);
    const actions = all(resources, 'pulumi-nodejs:dynamic/openwhisk:Action');
    expect(actions.length).toBeGreaterThan(4);
    for (const { name, inputs } of actions) {
      const parameters = Object.entries(inputs.parameters ?? {});
      if (parameters.length > 0) expect(inputs.final, name).toBe(true);
      const settings = Object.entries(declared).find(([action]) => action === name)?.[1] ?? {};
      expect(Object.keys(Object(parameters.find(([each]) => each === 'settings')?.[1])).sort(), name).toEqual(
        Object.keys(settings).sort(),
      );
      // OpenWhisk takes null for a parameter that is not bound, and lets callers set it.
      for (const [parameter, value] of parameters) expect(value, `${name} ${parameter}`).not.toBeNull();
    }
  });
});
