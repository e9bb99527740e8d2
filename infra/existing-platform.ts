/** Target `existing`: an OpenWhisk that somebody else runs. */
import * as pulumi from '@pulumi/pulumi';
import type { ExistingConfig } from './config';
import type { Platform } from './platform';
import { shellSetup } from './shell-setup';

/** Takes all of it from the config. */
export function existingPlatform(config: ExistingConfig): Platform {
  const { apihost, auth, namespace, caCertificate, insecure, runtime } = config;
  return {
    apihost: pulumi.output(apihost),
    auth,
    namespace,
    ...(caCertificate === undefined ? {} : { caCertificate: pulumi.output(caCertificate) }),
    insecure,
    runtime,
    shellSetup: pulumi.output(
      shellSetup({
        apihost,
        namespace,
        insecure,
        auth: 'pulumi config get auth',
        ...(caCertificate === undefined ? {} : { caCertificate: 'pulumi config get caCertificate' }),
      }),
    ),
  };
}
