/** A service account with a key: for what runs outside of Google's own identities. */
import * as gcp from '@pulumi/gcp';
import * as pulumi from '@pulumi/pulumi';
import type { GoogleCloud } from './google-cloud';
import { makeHook } from './hooks';
import { waitForKey } from './key-wait';
import { fitName } from './names';
import { explainKeyRefusal } from './refusals';

/** What an account with a key is. */
export interface ServiceAccountKeyArgs {
  /** Ends the account's id, and names the resources. */
  readonly name: string;
  readonly displayName: string;
  /** Another text makes a new key; it is used before the old one is removed. */
  readonly rotation: string;
  /** What a user can do instead when an organization forbids keys, as a clause. */
  readonly instead: string;
  /** Gives the account its rights. */
  grant(member: pulumi.Output<string>): pulumi.CustomResource[];
}

/** The key, in the JSON form of Google's client libraries: a secret. Known when its rights are granted. */
export function makeServiceAccountKey(cloud: GoogleCloud, args: ServiceAccountKeyArgs): pulumi.Output<string> {
  const options = cloud.options('iam');
  const account = new gcp.serviceaccount.Account(
    args.name,
    { accountId: fitName(30, cloud.config.student, args.name), displayName: args.displayName },
    options,
  );
  const grants = args.grant(account.member);
  const key = new gcp.serviceaccount.Key(
    args.name,
    { serviceAccountId: account.name, keepers: { rotation: args.rotation } },
    {
      ...options,
      hooks: {
        onError: [makeHook(`${args.name}-key`, (error) => explainKeyRefusal(error, args.instead))],
        afterCreate: [waitForKey(args.name)],
      },
    },
  );
  const json = pulumi
    .all([key.privateKey, pulumi.all(grants.map(({ id }) => id))])
    .apply(([privateKey]) => Buffer.from(privateKey, 'base64').toString('utf8'));
  return pulumi.secret(json);
}
