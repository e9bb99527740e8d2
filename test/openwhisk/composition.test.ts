/** Actions made of actions, beyond what the recorded cases show. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client, Laboratory } from './laboratory';

let laboratory: Laboratory;
beforeAll(async () => {
  laboratory = await Laboratory.open();
  await laboratory.action('echo', 'echo');
  await laboratory.action('inc', '(args) => ({ n: args.n + 1 })');
  await laboratory.action('fail', 'fail');
});
afterAll(() => laboratory.close());

const sequence = (name: string, components: string[]) =>
  laboratory.send('PUT', `actions/${name}?overwrite=true`, { exec: { kind: 'sequence', components } });
const result = (name: string, body: { [key: string]: number }) =>
  laboratory.send('POST', `actions/${name}?blocking=true&result=true`, body);

describe('a sequence', () => {
  test('runs sequences within, whose records name it as their cause', async () => {
    await sequence('twice', ['/_/inc', '/_/inc']);
    await sequence('thrice', ['/_/twice', '/_/inc']);
    expect((await result('thrice', { n: 1 })).json).toEqual({ n: 4 });
    const ran = await laboratory.send('POST', 'actions/thrice?blocking=true', { n: 1 });
    const { logs } = ran.json as { logs: string[] };
    const inner = await laboratory.record(logs[0] ?? '');
    expect(inner).toMatchObject({ name: 'twice', cause: Client.id(ran) });
    expect(inner.annotations).toContainEqual({ key: 'topmost', value: false });
    expect(inner.logs).toHaveLength(2);
  });

  test('that nobody waits for runs all the same', async () => {
    const accepted = await laboratory.send('POST', 'actions/thrice', { n: 10 });
    expect((await laboratory.record(Client.id(accepted))).response).toMatchObject({ result: { n: 13 } });
  });

  test('may not contain itself, nor more than 50 actions once unfolded', async () => {
    expect((await sequence('twice', ['/_/thrice'])).json).toMatchObject({ error: 'Sequence may not refer to itself.' });
    await sequence(
      'long',
      Array.from({ length: 26 }, () => '/_/inc'),
    );
    const tooLong = await sequence('longer', ['/_/long', '/_/long']);
    expect(tooLong.status).toBe(400);
    expect(tooLong.json).toMatchObject({ error: 'Too many actions in the sequence.' });
  });
});

describe('a composition', () => {
  const conductor = { annotations: [{ key: 'conductor', value: true }] };

  test('runs the actions that its conductor names, and keeps its state', async () => {
    await laboratory.action(
      'count',
      `(args) => args.rounds === 3
        ? { params: { n: args.n, rounds: args.rounds } }
        : { action: 'inc', params: { n: args.n }, state: { rounds: (args.rounds ?? 0) + 1 } }`,
      conductor,
    );
    expect((await result('count', { n: 5 })).json).toEqual({ n: 8, rounds: 3 });
    const { logs } = (await laboratory.send('POST', 'actions/count?blocking=true', { n: 5 })).json as {
      logs: string[];
    };
    expect(logs, 'four calls of the conductor, three of the action').toHaveLength(7);
  });

  test('is told of an action that is not there', async () => {
    await laboratory.action(
      'lost',
      `(args) => args.error ? { params: { why: args.error } } : { action: 'nowhere' }`,
      conductor,
    );
    expect((await result('lost', {})).json).toEqual({
      why: "Failed to resolve action with name 'guest/nowhere' during composition.",
    });
  });
});
