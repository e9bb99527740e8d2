import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatEvent } from '../../runner';
import { type Laboratory, openLaboratory } from './laboratory';

const PASSWORD = 'correct-horse-battery';
const KEY = '11111111-2222-3333-4444-555555555555:abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl';

let lab: Laboratory;
beforeEach(() => {
  lab = openLaboratory({ config: { key: { secret: KEY }, open: 'not secret' } });
});
afterEach(() => lab.close());

const things = {
  a: {
    properties: { name: 'a', password: { secret: PASSWORD }, note: { config: 'key' } },
    options: { additionalSecretOutputs: ['token'] },
  },
  b: { properties: { name: 'b', note: { ref: 'a.token' } } },
};

/** All that a run shows or keeps, but for the file of the key. */
function everything(): string {
  const files = readdirSync(lab.stateDir).filter((file) => file !== 'secrets.key');
  return JSON.stringify([
    lab.events,
    lab.events.map(formatEvent),
    lab.outputs(),
    files.map((file) => readFileSync(path.join(lab.stateDir, file), 'utf8')),
  ]);
}

function expectNoSecret(text: string): void {
  for (const secret of [PASSWORD, KEY, KEY.slice(37), 'token-of-a']) expect(text).not.toContain(secret);
}

describe('secrets', () => {
  it('are given to providers, and to nobody and nothing else', async () => {
    lab.program(things, {
      password: { ref: 'a.password' },
      token: { ref: 'a.token' },
      viaB: { ref: 'b.note' },
      where: { ref: 'a.address' },
    });
    const planned = await lab.preview();
    const done = await lab.up();
    expect(lab.objects().a).toMatchObject({ password: PASSWORD, note: KEY });
    expect(lab.objects().b).toMatchObject({ note: 'token-of-a-0123456789' });
    const outputs = { password: '[secret]', token: '[secret]', viaB: '[secret]', where: 'address of a' };
    expect(done.outputs).toEqual(outputs);
    expect(lab.outputs()).toEqual(outputs);
    expect(lab.outputs(true)).toEqual({
      password: PASSWORD,
      token: 'token-of-a-0123456789',
      viaB: 'token-of-a-0123456789',
      where: 'address of a',
    });
    expectNoSecret(everything() + JSON.stringify([planned, done]));

    lab.setObjects({ ...lab.objects(), a: { ...lab.objects().a, note: 'changed', token: 'token-of-a-drifted-9999' } });
    await lab.refresh();
    expect(lab.events).toContainEqual(
      expect.objectContaining({ operation: 'changed', properties: expect.arrayContaining(['note', 'token']) }),
    );
    expectNoSecret(everything());
  });

  it('are taken out of what providers and the program print or throw', async () => {
    lab.program(things);
    lab.editProvider((source) =>
      source.replace(
        "const fault = await begin('create', inputs.name);",
        "console.log('creating with ' + inputs.password); throw new Error('cannot use ' + inputs.note + ' or ' + Buffer.from(inputs.note).toString('base64'));",
      ),
    );
    await expect(lab.up()).rejects.toThrow('a: cannot use [secret] or [secret]');
    expect(lab.events).toContainEqual({ kind: 'log', severity: 'info', text: 'creating with [secret]' });
    lab.source(`throw new Error('the key is ${KEY}, encoded ' + encodeURIComponent('${KEY}'));`);
    await expect(lab.up()).rejects.toThrow('the key is [secret], encoded [secret]');
    expectNoSecret(everything());
  });

  it('are in files that only their owner can read', async () => {
    lab.program(things);
    await lab.up();
    expect(statSync(lab.stateDir).mode & 0o777).toBe(0o700);
    for (const file of readdirSync(lab.stateDir))
      expect(statSync(path.join(lab.stateDir, file)).mode & 0o777).toBe(0o600);
  });
});
