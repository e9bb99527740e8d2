import { describe, expect, test, vi } from 'vitest';
import { computePause } from '../../feed/backoff';
import type { Fired } from '../../feed/feed';
import { playedFeed } from './played-source';

const busy: Fired = { outcome: 'unavailable', reason: 'OpenWhisk answered 429: too many' };

describe('an event', () => {
  test('is acknowledged after the trigger has taken it, and not before', async () => {
    const { source, trigger } = playedFeed();
    trigger.script = () => undefined;
    source.send('a.jpg');
    await vi.waitFor(() => expect(trigger.fired).toEqual(['a.jpg']));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(source.ends.size).toBe(0);
    trigger.answer('a.jpg');
    await vi.waitFor(() => expect(source.ends.get('a.jpg')).toBe('ack'));
  });

  test('is fired again and again while the trigger is busy or away, and its source keeps hold of it', async () => {
    const { source, trigger, pauses, log, feed } = playedFeed();
    trigger.script = (_, attempt) => (attempt <= 200 ? busy : { outcome: 'accepted' });
    source.send('a.jpg');
    await vi.waitFor(() => expect(source.ends.get('a.jpg')).toBe('ack'));
    expect(trigger.fired).toHaveLength(201);
    expect(pauses).toHaveLength(200);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000);
    // One line when it begins, one when it is over: not two hundred.
    expect(log).toEqual([
      expect.stringMatching(/cannot be fired: OpenWhisk answered 429/),
      expect.stringMatching(/can be fired again/),
    ]);
    expect(feed.state).toEqual({ inFlight: 0, fired: 1, trouble: undefined });
  });

  test('that the trigger will never take is given back as refused, after one attempt, with the reason', async () => {
    const { source, trigger, log } = playedFeed();
    trigger.script = () => ({ outcome: 'refused', reason: 'OpenWhisk answered 413: too large' });
    source.send('a.jpg');
    await vi.waitFor(() => expect(source.ends.get('a.jpg')).toBe('refuse'));
    expect(trigger.fired).toEqual(['a.jpg']);
    expect(log[0]).toMatch(/in\/a\.jpg.*413: too large/);
  });

  test('that waits does not hold up the others', async () => {
    const { source, trigger } = playedFeed({ endless: true });
    trigger.script = (name) => (name === 'stuck.jpg' ? busy : { outcome: 'accepted' });
    source.send('stuck.jpg');
    for (let i = 0; i < 20; i += 1) source.send(`${i}.jpg`);
    await vi.waitFor(() => expect(source.ends.size).toBe(20));
    expect(source.ends.has('stuck.jpg')).toBe(false);
  });
});

describe('back-off', () => {
  test('doubles up to its longest, and takes between half and all of it', () => {
    const backoff = { first: 200, longest: 30_000 };
    const least = [1, 2, 3, 8, 9, 50, 1e6].map((attempt) => computePause(attempt, backoff, 0, 0));
    expect(least).toEqual([100, 200, 400, 12_800, 15_000, 15_000, 15_000]);
    expect(computePause(1, backoff, 0, 0.999999)).toBeCloseTo(200, 1);
    expect(new Set(Array.from({ length: 20 }, () => computePause(5, backoff))).size).toBeGreaterThan(1);
  });

  test('is never shorter than what the other side asks for', () => {
    expect(computePause(1, { first: 200, longest: 30_000 }, 45_000)).toBe(45_000);
  });
});

describe('what is in flight', () => {
  test('never exceeds the limit, even if the source delivers more', async () => {
    const { source, trigger, feed } = playedFeed({ maxInFlight: 3 });
    trigger.script = () => undefined;
    for (let i = 0; i < 10; i += 1) source.send(`${i}.jpg`);
    for (let i = 0; i < 10; i += 1) {
      await vi.waitFor(() => expect(trigger.fired).toContain(`${i}.jpg`));
      expect(trigger.open).toBeLessThanOrEqual(3);
      trigger.answer(`${i}.jpg`);
    }
    await vi.waitFor(() => expect(source.ends.size).toBe(10));
    expect(trigger.most).toBe(3);
    expect(source.maxInFlight).toBe(3);
    expect(feed.state.inFlight).toBe(0);
  });
});

test('hundreds of events that wait are no reason for a warning', async () => {
  const warned = vi.fn();
  process.on('warning', warned);
  const { source, trigger, feed } = playedFeed({
    maxInFlight: 300,
    real: true,
    backoff: { first: 60_000, longest: 60_000 },
  });
  trigger.script = () => busy;
  for (let i = 0; i < 300; i += 1) source.send(`${i}.jpg`);
  await vi.waitFor(() => expect(trigger.fired).toHaveLength(300));
  await feed.stop();
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', warned);
  expect([...source.ends.values()].filter((end) => end === 'release')).toHaveLength(300);
  expect(warned).not.toHaveBeenCalled();
});

describe('a feed that is stopped', () => {
  test('takes no more, lets what is being fired end, and closes its source last', async () => {
    const { source, trigger, feed } = playedFeed({ maxInFlight: 2 });
    trigger.script = () => undefined;
    for (const name of ['a.jpg', 'b.jpg', 'c.jpg']) source.send(name);
    await vi.waitFor(() => expect(trigger.fired).toEqual(['a.jpg', 'b.jpg']));
    const stopped = feed.stop();
    trigger.answer('a.jpg');
    trigger.answer('b.jpg');
    await stopped;
    expect(trigger.fired).toEqual(['a.jpg', 'b.jpg']);
    expect(Object.fromEntries(source.ends)).toEqual({ 'a.jpg': 'ack', 'b.jpg': 'ack', 'c.jpg': 'release' });
    expect(source.history.at(0)).toBe('pause');
    expect(source.history.at(-1)).toBe('close');
  });

  test('gives back at once what waits for its next attempt', async () => {
    const { source, trigger, feed, pauses } = playedFeed({ endless: true });
    trigger.script = () => busy;
    source.send('a.jpg');
    await vi.waitFor(() => expect(pauses).toHaveLength(1));
    await feed.stop();
    expect(source.ends.get('a.jpg')).toBe('release');
  });

  test('cuts off an attempt that outlasts the grace, and gives its event back', async () => {
    const { source, trigger, feed } = playedFeed();
    trigger.script = () => undefined;
    source.send('a.jpg');
    await vi.waitFor(() => expect(trigger.open).toBe(1));
    await feed.stop(50);
    expect(source.ends.get('a.jpg')).toBe('release');
  });
});
