/** Options that all commands share, as commander gives them, and what they mean for the platform. */
import { KEYS, type PlatformName } from '../../infra/config';
import type { StartOptions } from '../platform/platform';

export interface PlatformOptions {
  readonly data: string;
  /** Undefined when not given. */
  readonly port: number | undefined;
  readonly storagePort: number | undefined;
  readonly sandbox: 'auto' | 'bubblewrap' | 'process' | undefined;
  readonly docker?: boolean;
  readonly baseImage?: string;
}

export interface StackOptions extends PlatformOptions {
  readonly student: string;
  /** What the conversion runs on. */
  readonly platform: PlatformName;
}

/** The platform that a command wants. @throws Error for `--base-image` without `--docker` */
export function platformOf(options: PlatformOptions, log: StartOptions['log'], host?: string): StartOptions {
  const { data: dataDir, port, storagePort, sandbox, docker, baseImage } = options;
  if (baseImage !== undefined && docker !== true) {
    throw new Error(
      '--base-image is what the runtime image is built on, and without --docker none is built. Add --docker.',
    );
  }
  return {
    ...{ dataDir, host, port, storagePort, sandbox, log },
    docker: docker ? { baseImage: baseImage ?? KEYS.baseImage.default } : undefined,
  };
}
