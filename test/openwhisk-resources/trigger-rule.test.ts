import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PartialFailure } from '../../infra/openwhisk/src/dynamic/partial-failure';
import type { RuleInputs, RuleOutputs } from '../../infra/openwhisk/src/rule/rule-inputs';
import * as rules from '../../infra/openwhisk/src/rule/rule-provider';
import type { TriggerInputs, TriggerOutputs } from '../../infra/openwhisk/src/trigger/trigger-inputs';
import * as triggers from '../../infra/openwhisk/src/trigger/trigger-provider';
import { PARAMETER_SECRET, TestPlatform, valueIn } from './platform';
import { shortenPauses } from './short-pauses';

shortenPauses();
const platform = new TestPlatform();
const FEED = '/guest/feed';
let count = 0;

beforeAll(async () => {
  await platform.start();
  await platform.behind.actions.create({ name: 'feed', action: 'function main() {}', kind: 'nodejs:20' });
  await platform.behind.actions.create({ name: 'act', action: 'function main() {}', kind: 'nodejs:20' });
});
afterAll(() => platform.stop());
beforeEach(() => {
  platform.proxy.reset();
  platform.invoker.calls.length = 0;
  platform.invoker.answer = () => undefined;
});

async function madeTrigger(more: Partial<TriggerInputs> = {}) {
  const given: TriggerInputs = { connection: platform.connection, name: `t${++count}`, ...more };
  const { id, outs } = await triggers.create(given);
  return { given, id, outs: outs as TriggerOutputs };
}

async function madeRule(trigger: string, more: Partial<RuleInputs> = {}) {
  const given: RuleInputs = { connection: platform.connection, name: `r${++count}`, trigger, action: 'act', ...more };
  const { id, outs } = await rules.create(given);
  return { given, id, outs: outs as RuleOutputs };
}

async function failureOf(promise: Promise<unknown>): Promise<PartialFailure> {
  const error = await promise.catch((caught: unknown) => caught);
  if (!(error instanceof PartialFailure)) throw new Error(`expected a PartialFailure, got ${error}`);
  return error;
}

const lifecycle = () => platform.invoker.calls.map((call) => [call.lifecycleEvent, call.triggerName]);

describe('a trigger', () => {
  it('is created, found unchanged, updated in place and deleted', async () => {
    const { given, id, outs } = await madeTrigger({ parameters: { a: 1 }, annotations: { about: 'x' } });
    expect(id).toBe(`/guest/${given.name}`);
    expect((await triggers.read(id, outs)).props).toEqual(outs);
    const next = { connection: given.connection, name: given.name, parameters: { b: 2 } };
    const { outs: after } = await triggers.update(id, outs, next);
    const found = await platform.behind.triggers.get(given.name);
    expect([found.parameters, found.annotations]).toEqual([[{ key: 'b', value: 2 }], []]);
    await triggers.delete(id, after as TriggerOutputs);
    expect((await triggers.read(id, outs)).id).toBe('');
    await triggers.delete(id, after as TriggerOutputs);
  });

  it('tells its feed CREATE and DELETE, as wsk does', async () => {
    const { given, id, outs } = await madeTrigger({ feed: FEED, feedParameters: { cron: '* * * * *' } });
    expect(platform.invoker.calls).toEqual([
      expect.objectContaining({
        lifecycleEvent: 'CREATE',
        triggerName: `/guest/${given.name}`,
        authKey: platform.connection.auth,
        cron: '* * * * *',
      }),
    ]);
    expect(valueIn((await platform.behind.triggers.get(given.name)).annotations, 'feed')).toBe(FEED);
    await triggers.delete(id, outs);
    expect(lifecycle()).toEqual([
      ['CREATE', `/guest/${given.name}`],
      ['DELETE', `/guest/${given.name}`],
    ]);
  });

  it('tells the feed nothing when something else changes, and DELETE and CREATE when its parameters do', async () => {
    const { given, id, outs } = await madeTrigger({ feed: FEED, feedParameters: { n: 1 } });
    platform.invoker.calls.length = 0;
    const { outs: after } = await triggers.update(id, outs, { ...given, parameters: { a: 1 } });
    expect(platform.invoker.calls).toEqual([]);
    await triggers.update(id, after as TriggerOutputs, { ...given, feedParameters: { n: 2 } });
    expect(platform.invoker.calls.map((call) => [call.lifecycleEvent, call.n])).toEqual([
      ['DELETE', 1],
      ['CREATE', 2],
    ]);
  });

  it('whose feed refuses stays in the state without the feed, and the next update goes on', async () => {
    platform.invoker.answer = ({ lifecycleEvent, secret }) =>
      lifecycleEvent === 'CREATE' ? `no such cron, key ${platform.connection.auth}, secret ${secret}` : undefined;
    const feedParameters = { secret: PARAMETER_SECRET };
    const given = { connection: platform.connection, name: `t${++count}`, feed: FEED, feedParameters };
    const failure = await failureOf(triggers.create(given));
    expect(failure.id).toBe(`/guest/${given.name}`);
    expect(failure.properties).not.toHaveProperty('feed');
    expect(failure.reasons.join()).toMatch(/Could not create the feed of trigger "t\d+"[\s\S]*no such cron/);
    expect(failure.message).not.toContain(platform.key);
    expect(failure.message).not.toContain(PARAMETER_SECRET);
    expect(lifecycle().map(([event]) => event)).toEqual(['CREATE', 'DELETE']);

    platform.invoker.answer = () => undefined;
    const state = failure.properties as TriggerOutputs;
    expect(await triggers.diff(failure.id, state, given)).toMatchObject({ changes: true, replaces: [] });
    const { outs } = await triggers.update(failure.id, state, given);
    expect(outs).toMatchObject({ feed: FEED, feedParameters });
    expect(lifecycle().map(([event]) => event)).toEqual(['CREATE', 'DELETE', 'CREATE']);
  });

  it('keeps the old feed in the state while that does not let go', async () => {
    const { given, id, outs } = await madeTrigger({ feed: FEED, feedParameters: { n: 1 } });
    platform.invoker.answer = ({ lifecycleEvent }) => (lifecycleEvent === 'DELETE' ? 'busy' : undefined);
    const failure = await failureOf(triggers.update(id, outs, { ...given, feedParameters: { n: 2 } }));
    expect(failure.properties).toMatchObject({ feed: FEED, feedParameters: { n: 1 } });
    await expect(triggers.delete(id, outs)).rejects.toThrow(/unregister the feed of trigger[\s\S]*busy/);
  });

  it('is deleted although the feed action is gone, or has forgotten the trigger', async () => {
    const gone = await madeTrigger({ feed: FEED });
    await triggers.delete(gone.id, { ...gone.outs, feed: '/guest/no-such-feed' });
    const forgotten = await madeTrigger({ feed: FEED });
    platform.invoker.answer = () => 'trigger not found';
    await triggers.delete(forgotten.id, forgotten.outs);
    await expect(platform.behind.triggers.get(forgotten.given.name)).rejects.toMatchObject({ statusCode: 404 });
  });

  it('does not tell a feed twice after a lost connection', async () => {
    const given = { connection: platform.connection, name: `t${++count}`, feed: FEED };
    platform.proxy.breakNext('POST', /actions\/feed/, 'lose-answer');
    await failureOf(triggers.create(given));
    expect(lifecycle().filter(([event]) => event === 'CREATE')).toHaveLength(1);
  });
});

describe('a rule', () => {
  it('is created, found unchanged and deleted', async () => {
    const trigger = await madeTrigger();
    const { given, id, outs } = await madeRule(trigger.given.name);
    expect(outs).toMatchObject({ namespace: 'guest', version: '0.0.1' });
    expect((await rules.read(id, outs)).props).toEqual(outs);
    const respelled: RuleInputs = { ...given, trigger: `/guest/${given.trigger}`, action: '/_/act', status: 'active' };
    expect(await rules.diff(id, outs, respelled)).toMatchObject({ changes: false });
    await rules.delete(id, outs);
    await rules.delete(id, outs);
    expect((await rules.read(id, outs)).id).toBe('');
  });

  it('is switched off and on in place', async () => {
    const trigger = await madeTrigger();
    const { given, id, outs } = await madeRule(trigger.given.name, { status: 'inactive' });
    expect((await platform.behind.rules.get(given.name)).status).toBe('inactive');
    const { outs: after } = await rules.update(id, outs, { ...given, status: 'active' });
    expect((await platform.behind.rules.get(given.name)).status).toBe('active');
    expect(after).toMatchObject({ status: 'active' });
  });

  it('whose status could not be set is in the state with the status it has', async () => {
    const trigger = await madeTrigger();
    platform.proxy.breakNext('POST', /rules/, { answer: 403, body: { code: 'x', error: 'no' } });
    const failure = await failureOf(madeRule(trigger.given.name, { status: 'inactive' }));
    expect(failure.properties).toMatchObject({ status: 'active' });
    expect(failure.message).toMatch(/Could not set the status of rule "r\d+"/);
  });

  it('is linked again after its trigger was deleted and made anew', async () => {
    const trigger = await madeTrigger();
    const { given, id, outs } = await madeRule(trigger.given.name);
    await platform.behind.triggers.delete(trigger.given.name);
    const found = await rules.read(id, outs);
    expect(found.props).toMatchObject({ status: 'inactive' });
    await triggers.create(trigger.given);
    expect(await rules.diff(id, found.props as RuleOutputs, given)).toMatchObject({ changes: true, replaces: [] });
    await rules.update(id, found.props as RuleOutputs, given);
    expect((await platform.behind.triggers.get(trigger.given.name)).rules).toHaveProperty([`guest/${given.name}`]);
    expect((await platform.behind.rules.get(given.name)).status).toBe('active');
  });

  it('to nothing is refused in words', async () => {
    await expect(madeRule('no-such-trigger')).rejects.toThrow(
      /Could not create rule[\s\S]*trigger \/guest\/no-such-trigger does not exist/,
    );
  });
});
