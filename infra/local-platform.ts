/** Target `local`: the platform that runs on this machine. */
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import type { LocalConfig } from './config';
import type { Platform } from './platform';
import { readPlatformFile, readWskprops, WSKPROPS_FILE } from './platform-file';

/** Takes the platform's address and key from its data folder. @throws pulumi.RunError when none was started there. */
export function localPlatform({ platformDir }: LocalConfig): Platform {
  const file = readPlatformFile(platformDir);
  const auth = readWskprops(platformDir)?.get('AUTH');
  if (file === undefined || auth === undefined) {
    throw new pulumi.RunError(
      `No platform has been started in ${path.resolve(platformDir)} yet. Start it in another terminal by ` +
        '`npm run platform` and try again, or let `npm start` do all of it.',
    );
  }
  const settings = path.resolve(platformDir, WSKPROPS_FILE);
  return {
    apihost: pulumi.output(file.apihost),
    auth: pulumi.secret(auth),
    namespace: file.namespace,
    runtime: { image: file.image, python: file.python },
    feed: { url: file.feedUrl, source: 'local', deadLetters: `${file.feedUrl}/dead-letters` },
    emulator: { endpoint: file.storageEndpoint, tokenUri: file.tokenUri },
    shellSetup: pulumi.output(`export WSK_CONFIG_FILE='${settings}'; . "$WSK_CONFIG_FILE"`),
  };
}
