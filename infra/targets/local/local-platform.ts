/** Target `local`: the platform that runs on this machine. */
import path from 'node:path';
import { askForProof } from '@pdfmagic/openwhisk/server-proof';
import * as pulumi from '@pulumi/pulumi';
import { defineFunctions, quoteWord } from '../../../contract/shell-setup';
import type { StackConfig } from '../../config';
import { refuseOtherStack } from '../../parts/other-stack';
import type { Platform } from '../../platform';
import { type Emulator, makeEmulatedStorage } from './emulated-storage';
import { describeStart, readPlatformFile, readWskprops, WSKPROPS_FILE } from './platform-file';

/** The platform as it runs, before the stack has made anything on it. */
export type RunningPlatform = Omit<Platform, 'storage'> & { readonly emulator: Emulator };

/** Finds the platform, and makes the student's storage on it. @throws pulumi.RunError when it does not run */
export async function openLocalPlatform(config: StackConfig<'local'>): Promise<Platform> {
  const { emulator, ...running } = await findLocalPlatform(config);
  await refuseOtherStack({
    ...{ openwhisk: running, adopt: config.adopt },
    place: `The local platform of ${path.resolve(config.platformDir)}`,
    elsewhere:
      'start another local platform (`npm run platform -- --data FOLDER --port N`) and set platformDir to its FOLDER',
  });
  return { ...running, storage: makeEmulatedStorage(config, emulator) };
}

/**
 * Takes the platform's address and key from its data folder.
 * @throws pulumi.RunError when none was started there, or none runs there now
 */
export async function findLocalPlatform({
  platformDir,
}: Pick<StackConfig<'local'>, 'platformDir'>): Promise<RunningPlatform> {
  const file = readPlatformFile(platformDir);
  const auth = readWskprops(platformDir)?.get('AUTH');
  const hint = describeStart(platformDir);
  if (auth === undefined) {
    throw new pulumi.RunError(
      `No local platform has been started in ${path.resolve(platformDir)} yet. ${hint} Or run \`npm start\`, which does everything.`,
    );
  }
  const proof = file === undefined ? 'silent' : await askForProof(file.apihost, auth);
  if (file === undefined || proof === 'silent') {
    throw new pulumi.RunError(`The local platform of ${path.resolve(platformDir)} is not running. ${hint}`);
  }
  if (proof === 'refuted') {
    throw new pulumi.RunError(
      `The local platform of ${path.resolve(platformDir)} is not running; another program answers at ${file.apihost}. ${hint}`,
    );
  }
  const settings = quoteWord(path.resolve(platformDir, WSKPROPS_FILE));
  const wsk = `wsk() { WSK_CONFIG_FILE=${settings} command wsk "$@"; }`;
  return {
    apihost: pulumi.output(file.apihost),
    auth: pulumi.secret(auth),
    namespace: file.namespace,
    runtime: { image: file.image, python: file.python },
    feed: { url: file.feedUrl, source: 'local', deadLetters: `${file.feedUrl}/dead-letters` },
    emulator: { endpoint: file.storageEndpoint, tokenUri: file.tokenUri },
    startHint: hint,
    provesKey: true,
    shellSetup: () => pulumi.output(`. ${settings} && ${defineFunctions([wsk])}`),
  };
}
