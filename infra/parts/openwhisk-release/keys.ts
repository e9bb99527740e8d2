/** Fresh keys of OpenWhisk and a password of CouchDB. The chart's own are public knowledge and never used. */
import * as pulumi from '@pulumi/pulumi';
import * as random from '@pulumi/random';

/** Secrets of one OpenWhisk. */
export interface Keys {
  /** `UUID:KEY` of `whisk.system`. */
  readonly system: pulumi.Output<string>;
  /** `UUID:KEY` of `guest`, the namespace that PDFMagic is deployed to. */
  readonly guest: pulumi.Output<string>;
  readonly couchdb: { readonly username: string; readonly password: pulumi.Output<string> };
}

/** OpenWhisk wants 64 characters at least (`BasicAuthenticationAuthKey`). */
const KEY_LENGTH = 64;

/** Makes them once; the state keeps them. */
export function makeKeys(options: pulumi.CustomResourceOptions): Keys {
  const password = (name: string, length: number) =>
    new random.RandomPassword(name, { length, special: false }, options).result;
  const key = (name: string) => {
    const uuid = new random.RandomUuid(`${name}-uuid`, {}, options).result;
    return pulumi.secret(pulumi.interpolate`${uuid}:${password(`${name}-key`, KEY_LENGTH)}`);
  };
  return {
    system: key('whisk-system'),
    guest: key('guest'),
    couchdb: { username: 'whisk_admin', password: password('couchdb-password', 32) },
  };
}
