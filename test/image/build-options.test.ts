import { describe, expect, test } from 'vitest';
import { chooseBuildOptions, writeDockerBuildOptions } from '../../infra/image/build-options';

describe('a build of the runtime image', () => {
  test('is told the base image, and nothing of the environment but proxies', () => {
    const env = { HOME: '/home/ada', AWS_SECRET_ACCESS_KEY: 'S3CRET', HTTP_PROXY: '' };
    expect(chooseBuildOptions('base:1', env)).toEqual({
      args: { BASE_IMAGE: 'base:1' },
      proxies: {},
      network: undefined,
    });
  });

  test("reaches Debian's mirrors by the proxies of this machine", () => {
    const env = { HTTP_PROXY: 'http://proxy:3128', https_proxy: 'http://proxy:3128', NO_PROXY: 'localhost' };
    expect(chooseBuildOptions('base:1', env)).toMatchObject({ proxies: env, network: undefined });
  });

  test.each(['http://127.0.0.1:3128', 'http://ada:S3CRET@localhost:3128', 'localhost:3128', 'http://[::1]:3128/'])(
    "shares this machine's network when the proxy is %s",
    (proxy) => {
      expect(chooseBuildOptions('base:1', { https_proxy: proxy }).network).toBe('host');
    },
  );

  test('shows no password on a command line', () => {
    const env = { https_proxy: 'http://ada:S3CRET@localhost:3128' };
    expect(writeDockerBuildOptions('base:1', env)).toEqual([
      '--build-arg=BASE_IMAGE=base:1',
      '--build-arg=https_proxy',
      '--network=host',
    ]);
  });
});
