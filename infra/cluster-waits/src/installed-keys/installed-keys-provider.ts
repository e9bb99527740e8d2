import type { CheckResult, CreateResult, UpdateResult } from '@pulumi/pulumi/dynamic';

/** SHA-256 of each secret, in hexadecimal; something else in a preview that does not know them. */
export interface InstalledKeysInputs {
  readonly system: unknown;
  readonly guest: unknown;
  readonly couchdb: unknown;
}

const NAMES = { system: 'key of whisk.system', guest: 'key of guest', couchdb: 'password of CouchDB' } as const;
const DIGEST = /^[0-9a-f]{64}$/;

/** Refuses another key than the one that was installed. */
export async function check(
  olds: Partial<InstalledKeysInputs>,
  news: InstalledKeysInputs,
): Promise<CheckResult<InstalledKeysInputs>> {
  const failures = (['system', 'guest', 'couchdb'] as const)
    .filter((property) => isDigest(olds[property]) && isDigest(news[property]) && olds[property] !== news[property])
    .map((property) => ({
      // With the property Pulumi would print its value.
      property: '',
      reason:
        `the ${NAMES[property]} is not the one that OpenWhisk was installed with. The chart writes it into CouchDB once; ` +
        'a new one would only lock everybody out. Put the old one back (an earlier state: `pulumi stack ' +
        'export --version N | pulumi stack import`), or reinstall: `pulumi destroy`, then `pulumi up`.',
    }));
  return { inputs: news, failures };
}

/** Keeps the digests. */
export async function create(inputs: InstalledKeysInputs): Promise<CreateResult> {
  return { id: 'installed-keys', outs: { ...inputs } };
}

/** Keeps the digests that a preview did not know yet. */
export async function update(_id: string, _olds: object, news: InstalledKeysInputs): Promise<UpdateResult> {
  return { outs: { ...news } };
}

function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
}
