/**
 * Sandboxes whose interpreter is up and waits ("prewarm" in OpenWhisk): for source text, or for one zip, whose code is bound when
 * a sandbox is made. None has run anything of an action, and none is used twice. The first spare starts with, or after, the first
 * action that it could have been for: a platform that runs none keeps none.
 */

import type { SandboxFactory } from '../../../sandbox/sandbox';
import type { UnpackedCode } from '../code/store';
import type { Flavour } from '../runtimes/catalogue';
import { describeLaunch } from './launching';
import { SandboxContainer } from './sandbox-container';
import type { Staged } from './staging';

/** Zips that sandboxes wait for; of more, those that were asked for last. */
const MAX_ZIPS = 4;

/** What spares are made of. */
export interface SparesOptions {
  readonly factory: SandboxFactory;
  readonly staged: Staged;
  /** How many wait of each flavour, and for each zip. */
  readonly spares: number;
  /** Milliseconds after which one for a zip that nobody asks for ends. */
  readonly idleTime: number;
  readonly log: (message: string) => void;
}

interface Waiting {
  readonly container: SandboxContainer;
  readonly end: NodeJS.Timeout | undefined;
}

/** The spares of one invoker. */
export class Spares {
  /** By flavour and zip, the one asked for longest ago first. */
  private readonly ready = new Map<string, Waiting[]>();
  private readonly starting = new Set<Promise<void>>();
  private stopped = false;

  constructor(private readonly options: SparesOptions) {}

  /** A waiting container for source text of this flavour, or a new one; another starts in the background for the next. */
  async takeForSource(flavour: Flavour): Promise<SandboxContainer> {
    const container = this.takeReady(flavour) ?? (await this.start(flavour));
    this.refill(flavour);
    return container;
  }

  /**
   * A waiting container for this zip, or a new one, which uses the code until it ends. Another starts in the background once this
   * one has served: the start of a container is not to be slowed by that of the next.
   */
  async takeForZip(flavour: Flavour, code: UnpackedCode): Promise<SandboxContainer> {
    const waiting = this.takeReady(flavour, code);
    if (waiting) code.release();
    const container = waiting ?? (await this.start(flavour, code));
    void container.served.then((isFit) => isFit && this.refill(flavour, code));
    return container;
  }

  private takeReady(flavour: Flavour, code?: UnpackedCode): SandboxContainer | undefined {
    const waiting = this.ready.get(nameOf(flavour, code)) ?? [];
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      clearTimeout(one.end);
      if (one.container.usable) return one.container;
    }
    return undefined;
  }

  /** Starts what is missing, in the background. */
  private refill(flavour: Flavour, code?: UnpackedCode): void {
    const { spares, idleTime, log } = this.options;
    const name = nameOf(flavour, code);
    const waiting = this.ready.get(name) ?? [];
    this.ready.delete(name);
    this.ready.set(name, waiting);
    if (this.stopped || waiting.length >= spares) return;
    this.endSurplus();
    const start = this.start(flavour, code?.share())
      .then((container) => {
        if (this.stopped || waiting.length >= spares || this.ready.get(name) !== waiting) return container.destroy();
        const end = code && setTimeout(() => void container.destroy(), idleTime).unref();
        waiting.push({ container, end });
        return undefined;
      })
      .catch((error: unknown) => log(`No spare ${flavour.runtime.kind} sandbox could be started: ${String(error)}`))
      .finally(() => this.starting.delete(start));
    this.starting.add(start);
  }

  private endSurplus(): void {
    const zips = [...this.ready.keys()].filter((name) => name.includes(FOR_ZIP));
    for (const name of zips.slice(0, -MAX_ZIPS)) {
      for (const { container, end } of this.ready.get(name) ?? []) {
        clearTimeout(end);
        void container.destroy();
      }
      this.ready.delete(name);
    }
  }

  /** Destroys all, also those that are about to start. */
  async stop(): Promise<void> {
    this.stopped = true;
    await Promise.all(this.starting);
    const all = [...this.ready.values()].flat();
    this.ready.clear();
    for (const { end } of all) clearTimeout(end);
    await Promise.all(all.map(({ container }) => container.destroy()));
  }

  private async start(flavour: Flavour, code?: UnpackedCode): Promise<SandboxContainer> {
    const { factory, staged } = this.options;
    try {
      const sandbox = await factory.start(describeLaunch(flavour, staged, code?.folder));
      void sandbox.ended.then(() => code?.release());
      return new SandboxContainer(sandbox);
    } catch (error) {
      code?.release();
      throw error;
    }
  }
}

const FOR_ZIP = ' for ';

function nameOf({ runtime, imagemagickPdf }: Flavour, code?: UnpackedCode): string {
  return `${runtime.kind}${imagemagickPdf ? ' with policy' : ''}${code ? `${FOR_ZIP}${code.folder}` : ''}`;
}
