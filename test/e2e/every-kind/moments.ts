/** Random moments, the same ones for the same seed. */

/** Kills of a test: few unless `PDFMAGIC_KILLS` says how many. */
export const KILLS = Number(process.env.PDFMAGIC_KILLS ?? 2);

/** `PDFMAGIC_SEED`, or another one each time; a test that uses it prints it. */
export const SEED = Number(process.env.PDFMAGIC_SEED ?? Date.now() % 1_000_000);

/** Numbers in [0, 1) from a seed: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
