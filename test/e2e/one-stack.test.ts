/** One platform holds one stack, whoever deployed it; and what needs no platform starts none. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stackOf } from '../../cli/commands/stack-of';
import { StateFile } from '../../runner/state/state-file';
import { Machine, type RunningPlatform } from './machine';

describe('a platform with a stack that npm did not deploy', () => {
  const machine = new Machine();
  let platform: RunningPlatform;
  const call = (place: string, method: string, body?: object) =>
    fetch(`${platform.file.apihost}/${place}`, {
      method,
      headers: { authorization: platform.authorization, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });

  beforeAll(async () => {
    platform = await machine.startPlatform();
    const annotations = [{ key: 'student', value: 'ada' }];
    expect((await call('api/v1/namespaces/_/packages/pdfmagic', 'PUT', { annotations })).status).toBe(200);
  });
  afterAll(() => machine.close());

  test.each(['up', 'preview', 'start'])('%s refuses before it makes anything, and says what to do', async (command) => {
    const run = await machine.run(command, '--student', 'bob');
    expect(run.output).toMatch(/holds the stack of ada, which was not deployed by npm here.*pulumi destroy.*--data/);
    expect(run.code).toBe(1);
    const buckets = await fetch(`${platform.file.storageEndpoint}/storage/v1/b?project=pdfmagic`);
    expect(((await buckets.json()) as { items?: unknown[] }).items ?? []).toEqual([]);
    expect(await (await call('api/v1/namespaces/_/triggers', 'GET')).json()).toEqual([]);
  });
});

describe('a data folder without a platform', () => {
  const machine = new Machine();
  afterAll(() => machine.close());

  test.each(['destroy', 'refresh'])('%s of nothing starts none', async (command) => {
    const run = await machine.run(command);
    expect(run.output.trim()).toBe('nothing to do');
    expect(run.code).toBe(0);
    expect(existsSync(path.join(machine.dataDir, 'key'))).toBe(false);
  });

  test('outputs of nothing name the real Pulumi, too', async () => {
    expect((await machine.run('outputs')).output).toMatch(/nothing of student demo is deployed.*pulumi stack output/);
  });

  test('a stack that was begun and never ended is another stack, too', async () => {
    const { stateDir, project } = stackOf({ data: machine.dataDir, student: 'ada', platform: 'openwhisk' });
    const file = StateFile.read(stateDir, project, 'ada');
    file.state.interruptedCreates.push({
      urn: 'urn:pulumi:ada::pdfmagic::pulumi-nodejs:dynamic/openwhisk:Package::pdfmagic',
      ...{ id: '', inputs: {}, outputs: {}, provider: '', dependencies: [], propertyDependencies: {} },
      ...{ additionalSecretOutputs: [], initErrors: [] },
    });
    file.save();
    const run = await machine.run('up', '--student', 'bob');
    expect(run.output).toMatch(/the stack of ada is deployed.*npm run destroy -- --student ada/);
    expect(run.code).toBe(1);
  });
});
