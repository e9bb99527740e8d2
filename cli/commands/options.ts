/** Options that all commands share, as commander gives them, and what they mean for the platform. */
import { type PlatformName, RUNTIME_KEYS, STACK_KEYS } from '../../infra/config';
import { CLOUDRUN_BASE_IMAGE } from '../../infra/image/recipe';
import type { StartOptions } from '../../platform/composition/platform';

export interface PlatformOptions {
  readonly data: string;
  /** Undefined when not given. */
  readonly port: number | undefined;
  readonly storagePort: number | undefined;
  readonly sandbox: 'auto' | 'bubblewrap' | 'process' | undefined;
  readonly docker?: boolean;
  readonly baseImage?: string;
  readonly cloudrunBaseImage?: string;
}

export interface StackOptions extends PlatformOptions {
  readonly student: string;
  /** What the conversion runs on. */
  readonly platform: PlatformName;
  /** Names or URNs of resources to make anew; of `up` and `preview` alone. */
  readonly replace?: readonly string[];
}

/** Checks names by the rules of the stack config, before anything is started. @throws Error for one that is not allowed */
export function checkOptions({
  student,
  baseImage,
  cloudrunBaseImage,
}: Partial<Pick<StackOptions, 'student' | 'baseImage' | 'cloudrunBaseImage'>>): void {
  const image = RUNTIME_KEYS.baseImage;
  const rules = [
    ['--student', student, STACK_KEYS.student.schema, STACK_KEYS.student.allowed],
    ['--base-image', baseImage, image.schema, image.allowed],
    ['--cloudrun-base-image', cloudrunBaseImage, image.schema, 'the Python image that cloudrun/Dockerfile builds on'],
  ] as const;
  for (const [option, value, schema, allowed] of rules) {
    if (value !== undefined && !schema.safeParse(value).success)
      throw new Error(`${option} must be ${allowed}; '${value}' is not.`);
  }
}

/** The platform that a command wants. @throws Error for an option that goes with `--docker`, without it */
export function platformOf(options: PlatformOptions, log: StartOptions['log'], host?: string): StartOptions {
  const { data: dataDir, port, storagePort, sandbox, docker, baseImage, cloudrunBaseImage } = options;
  const bases = { '--base-image': baseImage, '--cloudrun-base-image': cloudrunBaseImage };
  for (const [option, name] of Object.entries(bases)) {
    if (name === undefined || docker === true) continue;
    throw new Error(`${option} names the base of an image, but without --docker no image is built. Add --docker.`);
  }
  return {
    ...{ dataDir, host, port, storagePort, sandbox, log },
    docker: docker
      ? {
          baseImage: baseImage ?? RUNTIME_KEYS.baseImage.default,
          cloudRunBaseImage: cloudrunBaseImage ?? CLOUDRUN_BASE_IMAGE,
        }
      : undefined,
  };
}
