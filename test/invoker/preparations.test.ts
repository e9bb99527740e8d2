import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Preparations } from '../../platform/invoker/pool/preparations';

describe('what is prepared ahead of the first run', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** Each ends when the clock has gone on by ten milliseconds. */
  function make(...names: string[]) {
    const preparations = new Preparations();
    const said: string[] = [];
    for (const name of names) {
      preparations.add(async () => {
        said.push(`${name} begins`);
        await new Promise((resolve) => setTimeout(resolve, 10));
        said.push(`${name} ends`);
        if (name === 'broken') throw new Error(name);
      });
    }
    return { preparations, said };
  }

  it('waits until nothing was asked for a second, however long that takes', async () => {
    const { preparations, said } = make('v2');
    for (let asked = 0; asked < 100; asked++) {
      await vi.advanceTimersByTimeAsync(900);
      preparations.putOff();
    }
    expect(said).toEqual([]);
    await vi.advanceTimersByTimeAsync(1100);
    expect(said).toEqual(['v2 begins', 'v2 ends']);
  });

  it('is prepared one after the other, also after one that fails', async () => {
    const { said } = make('upload', 'broken', 'v2');
    await vi.advanceTimersByTimeAsync(1100);
    expect(said).toEqual(['upload', 'broken', 'v2'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  });

  it('waits again when something is asked while one is prepared', async () => {
    const { preparations, said } = make('upload', 'v2');
    await vi.advanceTimersByTimeAsync(1005);
    preparations.putOff();
    await vi.advanceTimersByTimeAsync(900);
    expect(said).toEqual(['upload begins', 'upload ends']);
    await vi.advanceTimersByTimeAsync(200);
    expect(said).toEqual(['upload begins', 'upload ends', 'v2 begins', 'v2 ends']);
  });

  it('is given up when the platform ends, which waits for the one under way', async () => {
    const { preparations, said } = make('upload', 'v2');
    await vi.advanceTimersByTimeAsync(1005);
    const stopped = preparations.stop().then(() => said.push('stopped'));
    await vi.advanceTimersByTimeAsync(5000);
    await stopped;
    expect(said).toEqual(['upload begins', 'upload ends', 'stopped']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
