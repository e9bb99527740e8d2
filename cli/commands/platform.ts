/** `npm run platform`: the platform alone, in the foreground, until Ctrl-C or SIGTERM. */
import path from 'node:path';
import { WSKPROPS_FILE } from '../../infra/targets/local/platform-file';
import { startPlatform } from '../../platform/composition/platform';
import { type PlatformOptions, platformOf } from './options';
import { aborted, stopSignal } from './signals';

export async function platform(options: PlatformOptions & { readonly host?: string }): Promise<void> {
  const log = (line: string) => console.log(`${new Date().toISOString()} ${line}`);
  const running = await startPlatform(platformOf(options, log, options.host));
  console.log(`OpenWhisk  ${running.apihost}`);
  console.log(`storage    ${running.storageEndpoint}`);
  console.log(`image      ${running.image}`);
  console.log(`key        export WSK_CONFIG_FILE=${path.resolve(options.data, WSKPROPS_FILE)}`);
  console.log('ready; press Ctrl-C to stop');
  await aborted(stopSignal());
  console.log('\nstopping ...');
  await running.stop();
}
