/** One platform holds one stack, whoever deployed it; and what needs no platform starts none. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stackOf } from '../../cli/commands/stack-of';
import { StateFile } from '../../runner/state/state-file';
import { onTerminal } from '../terminal';
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
    expect(run.output).toMatch(/holds the stack of ada, which `npm run up` did not deploy.*pulumi destroy.*--data/);
    expect(run.code).toBe(1);
    const buckets = await fetch(`${platform.file.storageEndpoint}/storage/v1/b?project=pdfmagic`);
    expect(((await buckets.json()) as { items?: unknown[] }).items ?? []).toEqual([]);
    expect(await (await call('api/v1/namespaces/_/triggers', 'GET')).json()).toEqual([]);
  });
});

describe('a stack that is to move to the other platform', () => {
  const machine = new Machine();
  const deployed = () => StateFile.read(path.join(machine.dataDir, 'stack'), 'pdfmagic', 'demo').state.resources;
  const refusal = /is on OpenWhisk\. Moving it to Cloud Run deletes its \d+ resources[\s\S]*--move[\s\S]*--data FOLDER/;

  beforeAll(async () => {
    expect((await machine.run('up')).code).toBe(0);
    await machine.startPlatform();
  }, 300_000);
  afterAll(() => machine.close());

  test.each(['start', 'up'])('%s deletes nothing unless it is told to', async (command) => {
    const before = deployed();
    const run = await machine.run(command, '--platform', 'cloudrun');
    expect(run.output).toMatch(refusal);
    expect(run.code).not.toBe(0);
    expect(deployed()).toEqual(before);
  });

  test('asks on a terminal, and takes anything but yes for a no', async () => {
    const before = deployed();
    const line = ['up', '--platform', 'cloudrun', '--data', machine.dataDir];
    const { screen, code } = await onTerminal(line, { type: { after: 'Move it? [y/N] ', text: '\r' } });
    expect(screen).toMatch(
      /deletes its \d+ resources[\s\S]*Move it\? \[y\/N\][\s\S]*was not moved; nothing was changed/,
    );
    expect(code).not.toBe(0);
    expect(deployed()).toEqual(before);
  });

  test('moves by --move, stays there without --platform, and moves back only when told to', async () => {
    expect((await machine.run('up', '--platform', 'cloudrun', '--move')).code).toBe(0);
    const again = await machine.run('up');
    expect(again.output).toContain('6 unchanged');
    const back = await machine.run('up', '--platform', 'openwhisk');
    expect(back.output).toMatch(/is on Cloud Run\. Moving it to OpenWhisk/);
    expect(deployed()).toHaveLength(6);
  }, 300_000);
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
    expect((await machine.run('outputs')).output).toMatch(
      /Nothing is deployed for student demo: .*pulumi stack output/,
    );
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
