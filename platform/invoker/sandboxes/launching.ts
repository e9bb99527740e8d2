/** What a sandbox of an action runs: the launcher of its language. */

import type { Trial } from '../../../sandbox/choose';
import type { SandboxSpec } from '../../../sandbox/sandbox';
import type { Flavour } from '../runtimes/catalogue';
import type { RuntimeDescription } from '../runtimes/runtime';
import type { Staged } from './staging';

/** `code`: host folder of an unpacked zip. */
export function describeLaunch({ runtime, imagemagickPdf }: Flavour, staged: Staged, code?: string): SandboxSpec {
  return {
    executable: runtime.executable,
    args: () => runtime.flags,
    script: staged.copyOf(runtime.launcher),
    environment: runtime.environment,
    imagemagickPdf,
    ...(runtime.packages === undefined ? {} : { packages: runtime.packages }),
    ...(code === undefined ? {} : { code }),
  };
}

/** A trial of each launcher: one that came up ends with its input. */
export function trialsOf(runtimes: readonly RuntimeDescription[], staged: Staged): Trial[] {
  return runtimes.map((runtime) => ({
    name: runtime.kind,
    spec: describeLaunch({ runtime, imagemagickPdf: true }, staged),
  }));
}
