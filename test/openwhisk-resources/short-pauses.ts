import { afterAll, beforeAll, vi } from 'vitest';

/** In this file the pauses between tries of a request take a hundredth of their time: how often is tried is what the tests hold. */
export function shortenPauses(): void {
  const real = globalThis.setTimeout;
  const isPause = () => /[\\/]p-retry[\\/]/.test(new Error().stack ?? '');
  beforeAll(() => {
    const replaced = (callback: () => void, milliseconds = 0) =>
      real(callback, isPause() ? milliseconds / 100 : milliseconds);
    vi.spyOn(globalThis, 'setTimeout').mockImplementation(
      Object.assign(replaced, { __promisify__: real.__promisify__ }),
    );
  });
  afterAll(() => void vi.mocked(globalThis.setTimeout).mockRestore());
}
