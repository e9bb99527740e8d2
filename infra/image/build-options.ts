/** What a build of the image is told besides its files: the base image, and how this machine reaches the network. */

/** Docker takes these as arguments of every build, and keeps them out of the image and its history. */
const PROXY = /^(https?|ftp|no|all)_proxy$/i;
/** A proxy on the machine itself, which a container of its own network would not reach. */
const LOOPBACK = /^(\w+:\/\/)?([^@/]*@)?(localhost|127\.[\d.]+|\[::1\])(:|\/|$)/i;

type Environment = Readonly<Record<string, string | undefined>>;

export interface BuildOptions {
  /** Arguments of the Dockerfile: no secrets. */
  readonly args: Readonly<Record<string, string>>;
  /** Proxies by the names of their variables; they may hold a password. */
  readonly proxies: Readonly<Record<string, string>>;
  /** Undefined for the engine's own. */
  readonly network: 'host' | undefined;
}

/**
 * How to build on `baseImage` where the environment is `env`. The plugin asks the engine and not the `docker` command, so that
 * the proxies of ~/.docker/config.json do not count.
 */
export function chooseBuildOptions(baseImage: string, env: Environment = process.env): BuildOptions {
  const set = Object.entries(env).flatMap(([name, value]) =>
    PROXY.test(name) && value ? [[name, value] as const] : [],
  );
  const isLocal = set.some(([name, value]) => !/^no_/i.test(name) && LOOPBACK.test(value));
  return {
    args: { BASE_IMAGE: baseImage },
    proxies: Object.fromEntries(set),
    network: isLocal ? 'host' : undefined,
  };
}

/** The same as options of `docker build`; proxies by name alone, since others see command lines. */
export function writeDockerBuildOptions(baseImage: string, env: Environment = process.env): string[] {
  const { args, proxies, network } = chooseBuildOptions(baseImage, env);
  return [
    ...Object.entries(args).map(([name, value]) => `--build-arg=${name}=${value}`),
    ...Object.keys(proxies).map((name) => `--build-arg=${name}`),
    ...(network === undefined ? [] : [`--network=${network}`]),
  ];
}
