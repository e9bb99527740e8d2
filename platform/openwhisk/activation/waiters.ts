/** Those who wait for an invocation to end: for a bounded time, and no longer than the platform runs. */

/** What a wait came to; `failed` carries why. */
export type Waited<T> =
  | { readonly ended: true; readonly value: T }
  | { readonly ended: false; readonly failed?: unknown };

/** All waits of a platform, so that they can be ended together. */
export class Waiters {
  private readonly cuts = new Set<() => void>();
  private idle: (() => void) | undefined;

  /** Waits until `promise` settles, `waitMs` have passed, or all waits are cut short. */
  wait<T>(promise: Promise<T>, waitMs: number): Promise<Waited<T>> {
    return new Promise((resolve) => {
      const settle = (waited: Waited<T>): void => {
        clearTimeout(timer);
        if (this.cuts.delete(cut) && this.cuts.size === 0) this.idle?.();
        resolve(waited);
      };
      const cut = (): void => settle({ ended: false });
      const timer = setTimeout(cut, waitMs);
      this.cuts.add(cut);
      promise.then(
        (value) => settle({ ended: true, value }),
        (failed: unknown) => settle({ ended: false, failed }),
      );
    });
  }

  /** Gives all who wait `graceMs` more, then cuts them short. */
  async drain(graceMs: number): Promise<void> {
    if (this.cuts.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, graceMs);
        this.idle = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    for (const cut of [...this.cuts]) cut();
  }
}
