import { createHash } from 'node:crypto';
import { DynamicResource, providerOf } from '@pdfmagic/openwhisk/dynamic-resource';
import * as pulumi from '@pulumi/pulumi';

/** Arguments of {@link InstalledKeys}: secrets, of which only digests are kept. */
export interface InstalledKeysArgs {
  /** Key of `whisk.system`. */
  readonly system: pulumi.Input<string>;
  /** Key of `guest`. */
  readonly guest: pulumi.Input<string>;
  /** Password of CouchDB. */
  readonly couchdb: pulumi.Input<string>;
}

/**
 * The keys that an OpenWhisk was installed with. The chart's init job writes them into CouchDB once; later ones would
 * reach nothing and lock everybody out, so a change is refused here, before the release is touched.
 */
export class InstalledKeys extends DynamicResource {
  constructor(name: string, args: InstalledKeysArgs, options?: pulumi.CustomResourceOptions) {
    const digest = (secret: pulumi.Input<string>) =>
      pulumi.secret(secret).apply((text) => createHash('sha256').update(text).digest('hex'));
    const inputs = { system: digest(args.system), guest: digest(args.guest), couchdb: digest(args.couchdb) };
    const merged = pulumi.mergeOptions(options, { additionalSecretOutputs: Object.keys(inputs) });
    super(provider, name, inputs, merged, 'cluster-waits', 'InstalledKeys');
  }
}

const provider = providerOf('@pdfmagic/cluster-waits/providers', 'installedKeys', ['check', 'create', 'update']);
