/** Who the feed is on Google Cloud: an account that may pull from one subscription, and nothing else. */
import * as gcp from '@pulumi/gcp';
import type * as pulumi from '@pulumi/pulumi';
import { fitName, type GoogleCloud, makeServiceAccountKey } from '../google-cloud';

/** How a pod proves who it is. */
export type FeedIdentity =
  /** By its Kubernetes service account: GKE vouches for it. No key is made. */
  | { readonly kind: 'workload-identity'; readonly cluster: pulumi.Resource }
  /** By a key, for any other cluster. */
  | { readonly kind: 'key'; readonly rotation: string };

/** What the pod gets. */
export interface FeedCredentials {
  /** Annotations of its Kubernetes service account. */
  readonly annotations: Readonly<Record<string, pulumi.Output<string>>>;
  /** A key in JSON form: a secret. */
  readonly key: pulumi.Output<string> | undefined;
  /** To be in place before the pod starts. */
  readonly ready: readonly pulumi.Resource[];
}

/** Ends the account's id, and names its resources. */
const NAME = 'feed';

/** Makes the account. `namespace` and `serviceAccount` are the pod's, on Kubernetes. */
export function makeFeedIdentity(
  cloud: GoogleCloud,
  identity: FeedIdentity,
  subscription: gcp.pubsub.Subscription,
  pod: { readonly namespace: string; readonly serviceAccount: string },
): FeedCredentials {
  const displayName = `Feed of PDFMagic of ${cloud.config.student}`;
  const pulls = (member: pulumi.Output<string>) =>
    new gcp.pubsub.SubscriptionIAMMember(
      'feed-pulls',
      { subscription: subscription.name, role: 'roles/pubsub.subscriber', member },
      cloud.options('pubsub'),
    );
  if (identity.kind === 'key') {
    const key = makeServiceAccountKey(cloud, {
      name: NAME,
      displayName,
      rotation: identity.rotation,
      instead: 'do without events: `pulumi config rm project`; the trigger is then fired by hand',
      grant: (member) => [pulls(member)],
    });
    return { annotations: {}, key, ready: [] };
  }
  const options = cloud.options('iam');
  const account = new gcp.serviceaccount.Account(
    NAME,
    { accountId: fitName(30, cloud.config.student, NAME), displayName },
    options,
  );
  const actsAs = new gcp.serviceaccount.IAMMember(
    'feed-acts-as',
    {
      serviceAccountId: account.name,
      role: 'roles/iam.workloadIdentityUser',
      member: `serviceAccount:${cloud.config.project}.svc.id.goog[${pod.namespace}/${pod.serviceAccount}]`,
    },
    // The project's workload pool comes with its first cluster.
    { ...options, dependsOn: [...options.dependsOn, identity.cluster] },
  );
  return {
    annotations: { 'iam.gke.io/gcp-service-account': account.email },
    key: undefined,
    ready: [actsAs, pulls(account.member)],
  };
}
