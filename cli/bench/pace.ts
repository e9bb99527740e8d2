/** How thoroughly the bench measures. */

/** Numbers that all measurements go by. */
export interface Pace {
  readonly name: string;
  /** Turns of everything that is compared. */
  readonly rounds: number;
  /** Runs of one latency in a round, and seconds after which no further one begins. */
  readonly runs: number;
  /** Runs of a trivial action before it is measured: engines compile what runs often, ours as well as the JVM of OpenWhisk. */
  readonly warmUp: number;
  /** Seconds of one rate in a round. */
  readonly seconds: number;
  /** How many at a time. */
  readonly concurrencies: readonly number[];
  /** How many of the photos, the smallest first. */
  readonly photos: number;
  /** Invocations after which memory is looked at. */
  readonly invocations: readonly number[];
  /** Records of activations, and entities, that there are. */
  readonly activations: readonly number[];
  readonly entities: number;
}

/** Whole: what `docs/performance.md` shows. Quick: a look, in a few minutes. Tiny: whether all of it works. */
export const PACES = {
  whole: {
    ...{ name: 'whole', rounds: 3, runs: 8, warmUp: 6_000, seconds: 0.5, photos: 3 },
    ...{ concurrencies: [1, 2, 4, 8, 16], invocations: [2_000, 10_000, 20_000] },
    ...{ activations: [100, 10_000, 100_000], entities: 1_000 },
  },
  quick: {
    ...{ name: 'quick', rounds: 1, runs: 5, warmUp: 500, seconds: 0.3, photos: 2 },
    ...{ concurrencies: [1, 4, 16], invocations: [500, 2_000] },
    ...{ activations: [100, 10_000], entities: 200 },
  },
  tiny: {
    ...{ name: 'tiny', rounds: 1, runs: 1, warmUp: 2, seconds: 0.01, photos: 1 },
    ...{ concurrencies: [1, 2], invocations: [5, 10] },
    ...{ activations: [10], entities: 5 },
  },
} as const satisfies Record<string, Pace>;
