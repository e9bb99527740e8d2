/**
 * Interpreters that are up and wait for source text ("prewarm" in OpenWhisk). A zip is bound into its sandbox when that is
 * made, so a zip's container is always started for it; next to its imports that takes no time. The first spare of a kind
 * starts with the first action of that kind: a platform that runs none keeps none.
 */

import type { SandboxFactory } from '../../../sandbox/sandbox';
import type { Flavour } from '../runtimes/catalogue';
import { describeLaunch } from './launching';
import { SandboxContainer } from './sandbox-container';
import type { Staged } from './staging';

/** The spares of one invoker, some of each flavour. */
export class Spares {
  private readonly ready = new Map<string, SandboxContainer[]>();
  private readonly starting = new Set<Promise<void>>();
  private stopped = false;

  /** `count`: how many wait of each flavour. */
  constructor(
    private readonly factory: SandboxFactory,
    private readonly staged: Staged,
    private readonly count: number,
    private readonly log: (message: string) => void,
  ) {}

  /** A waiting container of this flavour, or a new one; another starts in the background for the next. */
  async take(flavour: Flavour): Promise<SandboxContainer> {
    const waiting = this.ready.get(nameOf(flavour)) ?? [];
    let container = waiting.shift();
    while (container && !container.usable) container = waiting.shift();
    container ??= await this.start(flavour);
    this.refill(flavour);
    return container;
  }

  /** Starts what is missing, in the background. */
  private refill(flavour: Flavour): void {
    const waiting = this.ready.get(nameOf(flavour)) ?? [];
    this.ready.set(nameOf(flavour), waiting);
    if (this.stopped || waiting.length >= this.count) return;
    const start = this.start(flavour)
      .then((container) => {
        if (this.stopped || waiting.length >= this.count) return container.destroy();
        waiting.push(container);
        return undefined;
      })
      .catch((error: unknown) =>
        this.log(`No spare ${flavour.runtime.kind} sandbox could be started: ${String(error)}`),
      )
      .finally(() => this.starting.delete(start));
    this.starting.add(start);
  }

  /** Destroys all, also those that are about to start. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.starting);
    await Promise.all([...this.ready.values()].flat().map((container) => container.destroy()));
    this.ready.clear();
  }

  private async start(flavour: Flavour): Promise<SandboxContainer> {
    return new SandboxContainer(await this.factory.start(describeLaunch(flavour, this.staged)));
  }
}

function nameOf({ runtime, imagemagickPdf }: Flavour): string {
  return `${runtime.kind}${imagemagickPdf ? ' with policy' : ''}`;
}
