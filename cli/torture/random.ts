/** Numbers by chance that come again with the same seed, so that a run can be repeated. */

/** Marsaglia's xorshift32 (https://doi.org/10.18637/jss.v008.i14). */
export class Random {
  private state: number;

  /** @param seed any whole number */
  constructor(seed: number) {
    // Zero would stay zero, and seeds that are close would begin alike.
    this.state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  }

  /** From 0 up to, without, 1. */
  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) / 2 ** 32;
  }

  /** A number of that range. */
  between(least: number, most: number): number {
    return least + this.next() * (most - least);
  }

  /** One of them; undefined when there are none. */
  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.next() * items.length)];
  }

  /** The same in any order. */
  shuffle<T>(items: readonly T[]): T[] {
    const keyed = items.map((item) => ({ item, key: this.next() }));
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  }

  /** A name by the share of each. */
  weighted<T extends string>(shares: Readonly<Record<T, number>>): T {
    const entries = Object.entries<number>(shares) as [T, number][];
    let left = this.next() * entries.reduce((sum, [, share]) => sum + share, 0);
    for (const [name, share] of entries) {
      left -= share;
      if (left < 0) return name;
    }
    throw new Error('no shares');
  }
}
