import { DynamicResource, deletedFirst, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import * as pulumi from '@pulumi/pulumi';

/** Arguments of a {@link ServiceAccountKey}. */
export interface ServiceAccountKeyArgs {
  /** The part of the account's address before the `@`. */
  readonly accountId: pulumi.Input<string>;
  readonly project: pulumi.Input<string>;
  /** Where clients get access tokens for the key: an endpoint of the emulator. */
  readonly tokenUri: pulumi.Input<string>;
}

/**
 * A service-account key for clients of an emulator: the same file as Google's, so that code needs no other path for
 * it. Made once and kept, as a secret, in the state.
 *
 * @example
 * const key = new ServiceAccountKey('app', { accountId: 'app', project: 'demo', tokenUri: `${endpoint}/token` });
 * new Action('fetch', { connection, codeFile, kind, parameters: { 'gcs-key': key.privateKeyJson } });
 */
export class ServiceAccountKey extends DynamicResource {
  /** The content of the key file, as text. Secret. */
  declare readonly privateKeyJson: pulumi.Output<string>;
  /** `account@project.iam.gserviceaccount.com` */
  declare readonly email: pulumi.Output<string>;

  constructor(name: string, args: ServiceAccountKeyArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = { ...args, privateKeyJson: undefined, email: undefined };
    super(provider, name, inputs, markSecret(options), 'emulated-storage', 'ServiceAccountKey');
    // Without an engine, in tests say, nothing else would mark it.
    this.privateKeyJson = pulumi.secret(this.privateKeyJson);
  }
}

function markSecret(options: pulumi.CustomResourceOptions | undefined): pulumi.CustomResourceOptions {
  return {
    ...deletedFirst(options),
    additionalSecretOutputs: [...(options?.additionalSecretOutputs ?? []), 'privateKeyJson'],
  };
}

const provider = providerOf('@pdfmagic/emulated/providers', 'serviceAccountKeys', [
  'check',
  'diff',
  'create',
  'update',
]);
