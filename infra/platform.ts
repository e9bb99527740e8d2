/** Where OpenWhisk is: the step of the program that later steps get their connection, runtime and storage from. */
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import type { ExistingConfig, LocalConfig, StackConfig } from './config';
import { type PlatformFile, readPlatformFile, readWskprops, WSKPROPS_FILE } from './platform-file';

/** An OpenWhisk that functions can be deployed to. */
export interface Platform {
  /** URL of the API host, without a trailing slash. */
  readonly apihost: string;
  /** The key, `UUID:KEY`: a secret. */
  readonly auth: pulumi.Output<string>;
  readonly namespace: string;
  /** PEM of the CA that signed the API host's certificate, when it is not a public one. */
  readonly caCertificate?: string;
  /** The container image of the Python actions, and an interpreter here of the same minor version. */
  readonly runtime: { readonly image: string; readonly python: string };
  /** A shell line that sets $AUTH and $APIHOST without showing them, and makes `wsk` use them. */
  readonly shellSetup: string;
  /** The storage emulator that belongs to the platform; undefined when storage is somewhere else. */
  readonly emulator?: { readonly endpoint: string; readonly tokenUri: string };
}

/** Finds the platform of the target. @throws pulumi.RunError when it cannot be found. */
export function openPlatform(config: StackConfig): Platform {
  return config.target === 'local' ? localPlatform(config) : existingPlatform(config);
}

function localPlatform(config: LocalConfig): Platform {
  const file = readPlatformFile(config.platformDir);
  const auth = readWskprops(config.platformDir)?.get('AUTH');
  if (file === undefined || auth === undefined) {
    throw new pulumi.RunError(
      `No platform has been started in ${path.resolve(config.platformDir)} yet. Start it in another terminal by ` +
        '`npm run platform` and try again, or let `npm start` do all of it.',
    );
  }
  return {
    ...connectionOf(file),
    auth: pulumi.secret(auth),
    shellSetup: `export WSK_CONFIG_FILE='${path.resolve(config.platformDir, WSKPROPS_FILE)}'; . "$WSK_CONFIG_FILE"`,
  };
}

function connectionOf(file: PlatformFile): Omit<Platform, 'auth' | 'shellSetup'> {
  return {
    apihost: file.apihost,
    namespace: file.namespace,
    runtime: { image: file.image, python: file.python },
    emulator: { endpoint: file.storageEndpoint, tokenUri: file.tokenUri },
  };
}

function existingPlatform(config: ExistingConfig): Platform {
  return {
    apihost: config.apihost,
    auth: config.auth,
    namespace: config.namespace,
    ...(config.caCertificate === undefined ? {} : { caCertificate: config.caCertificate }),
    runtime: { image: config.image, python: config.python },
    shellSetup: existingSetup(config),
  };
}

/** curl and wsk (a Go program) both take the CA's certificate from the environment; no command needs an option for it. */
function existingSetup({ apihost, namespace, caCertificate }: ExistingConfig): string {
  const certificate =
    'pulumi config get caCertificate > ca.pem; export CURL_CA_BUNDLE="$PWD/ca.pem" SSL_CERT_FILE="$PWD/ca.pem"; ';
  return (
    `${caCertificate === undefined ? '' : certificate}APIHOST='${apihost}'; AUTH="$(pulumi config get auth)"; ` +
    `export WSK_CONFIG_FILE="$PWD/.wskprops"; wsk property set --apihost "$APIHOST" --auth "$AUTH" --namespace '${namespace}'`
  );
}
