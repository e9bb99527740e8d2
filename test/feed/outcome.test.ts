import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readActivations } from '../../feed/openwhisk';
import { type Activation, followActivations, type Outcome } from '../../feed/outcome';
import { playOpenWhisk } from './played-openwhisk';
import { playedFeed } from './played-source';

const patience = { firstPause: 1, longestPause: 5, bound: 100 };
const signal = () => new AbortController().signal;
const line = (rule: object) => JSON.stringify({ rule: 'guest/v3', action: 'guest/pdfmagic/v2', ...rule });
const fired = (...rules: object[]): Activation => ({ response: { status: 'success' }, logs: rules.map(line) });
const ended = (status: string, result: unknown): Activation => ({ response: { status, result }, logs: [] });

/** What is made of these records, by activation id; `fired` is that of the trigger. */
function outcomeOf(records: Record<string, Activation>): Promise<Outcome> {
  const follow = followActivations({ read: async (id) => records[id], patience, log: () => undefined });
  return follow('fired', signal());
}

describe('the outcome of a firing', () => {
  test.each<[string, Record<string, Activation>]>([
    ['an action that succeeded', { fired: fired({ activationId: 'a' }), a: ended('success', {}) }],
    [
      'an action that gave nothing',
      { fired: fired({ activationId: 'a' }), a: { response: { status: 'success' }, logs: [] } },
    ],
    [
      'an error of the action itself, such as a recorded refusal',
      { fired: fired({ activationId: 'a' }), a: ended('application error', { error: 'no JPEG' }) },
    ],
    [
      'a rule that is switched off',
      { fired: fired({ error: "Rule 'guest/v3' is inactive, action 'guest/pdfmagic/v2' was not activated." }) },
    ],
    [
      'logs that are of no rule',
      { fired: { response: { status: 'success' }, logs: ['2026 stdout: hello', '{}', '1'] } },
    ],
  ])('is done with %s', async (_, records) => {
    expect(await outcomeOf(records)).toEqual({ outcome: 'done' });
  });

  test.each<[string, Record<string, Activation>, RegExp]>([
    [
      'an action whose sandbox died',
      { fired: fired({ activationId: 'a' }), a: ended('action developer error', { error: 'exited unexpectedly' }) },
      /^guest\/pdfmagic\/v2, activation a: action developer error: exited unexpectedly$/,
    ],
    [
      'an OpenWhisk that failed at it',
      { fired: fired({ activationId: 'a' }), a: ended('whisk internal error', undefined) },
      /activation a: whisk internal error$/,
    ],
    [
      'an action that asks for its event again',
      {
        fired: fired({ activationId: 'a' }),
        a: ended('application error', { error: { message: 'the storage answered with HTTP status 503', retry: true } }),
      },
      /application error: the storage answered with HTTP status 503$/,
    ],
    ['an action without a record', { fired: fired({ activationId: 'a' }) }, /activation a: it has no record$/],
    ['a trigger without a record', {}, /there is no record fired of the fired trigger$/],
    [
      'a rule whose action could not be invoked',
      { fired: fired({ error: 'Too many concurrent requests in flight (count: 31, allowed: 30).' }) },
      /^guest\/pdfmagic\/v2 was not invoked: Too many concurrent requests/,
    ],
    [
      'one of two actions that died',
      {
        fired: fired({ activationId: 'a' }, { action: 'guest/other', activationId: 'b' }),
        a: ended('success', {}),
        b: ended('action developer error', { error: 'out of memory' }),
      },
      /^guest\/other, activation b: action developer error: out of memory$/,
    ],
  ])('is a failure with %s, and says why', async (_, records, reason) => {
    expect(await outcomeOf(records)).toEqual({ outcome: 'failed', reason: expect.stringMatching(reason) });
  });

  test('is waited for while the action runs, and while OpenWhisk cannot be asked: that time does not count', async () => {
    let asked = 0;
    const log: string[] = [];
    const read = async (id: string): Promise<Activation | undefined> => {
      asked += 1;
      if (id === 'fired') return fired({ activationId: 'a' });
      if (asked < 100) throw new Error('OpenWhisk answered 502: away');
      return asked < 105 ? undefined : ended('success', {});
    };
    const follow = followActivations({ read, patience, log: (text) => log.push(text) });
    expect(await follow('fired', signal())).toEqual({ outcome: 'done' });
    expect(log).toEqual([expect.stringMatching(/activations cannot be read: OpenWhisk answered 502: away/)]);
  });

  test('is not known when nobody waits any more', async () => {
    const cut = new AbortController();
    const follow = followActivations({ read: async () => undefined, log: () => undefined });
    const outcome = follow('fired', cut.signal);
    cut.abort();
    expect(await outcome).toEqual({ outcome: 'unknown' });
  });
});

describe('an event', () => {
  let answer: (outcome: Outcome) => void;
  let feed: ReturnType<typeof playedFeed>;
  beforeEach(async () => {
    const follow = (_: string, cut: AbortSignal) =>
      new Promise<Outcome>((resolve) => {
        answer = resolve;
        cut.addEventListener('abort', () => resolve({ outcome: 'unknown' }));
      });
    feed = playedFeed({ follow });
    feed.trigger.script = () => ({ outcome: 'accepted', activationId: 'fired' });
    feed.source.send('a.jpg');
    await vi.waitFor(() => expect(feed.feed.state.fired).toBe(1));
  });
  afterEach(() => feed.feed.stop(0));

  test('is not acknowledged at its acceptance, but when it has come out', async () => {
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(feed.source.ends.size).toBe(0);
    expect(feed.feed.state.inFlight).toBe(1);
    answer({ outcome: 'done' });
    await vi.waitFor(() => expect(feed.source.ends.get('a.jpg')).toBe('ack'));
  });

  test('that failed is given back as an attempt, with the reason for people', async () => {
    answer({ outcome: 'failed', reason: 'exited unexpectedly' });
    await vi.waitFor(() => expect(feed.source.ends.get('a.jpg')).toBe('refuse'));
    expect(feed.log).toEqual([expect.stringMatching(/in\/a\.jpg.*has failed: exited unexpectedly/)]);
  });

  test('that has not come out when the feed stops is given back', async () => {
    await feed.feed.stop(10);
    expect(feed.source.ends.get('a.jpg')).toBe('release');
  });
});

test('records are read by the REST API; what OpenWhisk does not have is none, what it refuses is trouble', async () => {
  const openwhisk = await playOpenWhisk();
  try {
    const read = readActivations({ apihost: openwhisk.apihost, auth: 'uuid:key' }, '_');
    expect(await read('trigger-0', signal())).toBeUndefined();
  } finally {
    openwhisk.close();
  }
  const read = readActivations({ apihost: openwhisk.apihost, auth: 'uuid:key' }, '_');
  await expect(read('trigger-0', signal())).rejects.toThrow(/cannot be reached/);
});
