import { describe, expect, test } from 'vitest';
import { FAULTS, pickFaults } from '../../cli/torture/faults/all-faults';
import { Random } from '../../cli/torture/random';
import { describeStep, makeSchedule, type Step, VICTIMS } from '../../cli/torture/schedule';

function take(count: number, seed: number, faults: readonly string[] = []): Step[] {
  const steps = makeSchedule(seed, faults);
  return Array.from({ length: count }, () => steps.next().value);
}

describe('the schedule of a torture', () => {
  test('comes again with its seed, and is another with another', () => {
    expect(take(50, 3, ['a', 'b'])).toEqual(take(50, 3, ['a', 'b']));
    expect(take(50, 3)).not.toEqual(take(50, 4));
  });

  test('kills everything that can be killed, the platform most often', () => {
    const kills = take(400, 1).flatMap((step) => (step.kind === 'kill' ? [step.victim] : []));
    const counts = VICTIMS.map((victim) => kills.filter((each) => each === victim).length);
    expect(Math.min(...counts)).toBeGreaterThan(20);
    expect(Math.max(...counts)).toBe(counts[0]);
  });

  test('makes every fault once before any comes again', () => {
    const names = ['a', 'b', 'c'];
    const made = take(40, 5, names).flatMap((step) => (step.kind === 'fault' ? [step.name] : []));
    expect(made.length).toBeGreaterThanOrEqual(6);
    expect(made.slice(0, 3).sort()).toEqual(names);
    expect(made.slice(3, 6).sort()).toEqual(names);
  });

  test('can be read in the log', () => {
    const kill = { kind: 'kill', pause: 7, which: 0.25, life: 90 } as const;
    expect(describeStep({ ...kill, victim: 'platform' })).toBe('after 7 ms kill -9 platform');
    expect(describeStep({ ...kill, victim: 'sandbox' })).toBe('after 7 ms kill -9 sandbox (0.250)');
    expect(describeStep({ ...kill, victim: 'runner' })).toBe('after 7 ms kill -9 runner (90 ms after its start)');
    expect(describeStep({ kind: 'fault', name: 'a' })).toBe('fault a');
  });
});

describe('the chance of a torture', () => {
  test('stays between 0 and 1, and picks by shares', () => {
    const random = new Random(0);
    const counts = { a: 0, b: 0 };
    for (let i = 0; i < 1000; i += 1) {
      const number = random.next();
      expect(number >= 0 && number < 1).toBe(true);
      counts[random.weighted({ a: 9, b: 1 })] += 1;
    }
    expect(counts.a).toBeGreaterThan(counts.b * 4);
    expect(counts.b).toBeGreaterThan(0);
  });
});

describe('the faults of a torture', () => {
  test('have names of their own', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
  });

  test('can be chosen; an unknown one is refused with the names that there are', () => {
    expect(pickFaults('fork-bomb,clock-back').map(({ name }) => name)).toEqual(['fork-bomb', 'clock-back']);
    expect(pickFaults('none')).toEqual([]);
    expect(() => pickFaults('fork-bomb,fire')).toThrow(/no fault 'fire'.*Choose from pixel-bomb, /);
  });
});
