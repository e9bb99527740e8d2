/** Organizations made since 2024-05-03 forbid keys of service accounts unless told otherwise; Google's error does not say what to do. */
import * as pulumi from '@pulumi/pulumi';

const REFUSAL = /iam\.disableServiceAccountKeyCreation|Key creation is not allowed/i;

/** What a user can do about a refused key; undefined when `errors` are about something else. */
export function wayOut(errors: readonly string[]): string | undefined {
  if (!errors.some((error) => REFUSAL.test(error))) return undefined;
  return (
    'Your organization forbids keys of service accounts (policy constraints/iam.disableServiceAccountKeyCreation). Two ways ' +
    'out:\n  - an administrator exempts this project: `gcloud resource-manager org-policies disable-enforce ' +
    'iam.disableServiceAccountKeyCreation --project=PROJECT`; then `pulumi up` again;\n  - bring a key from elsewhere, of an ' +
    'account that may read the in bucket and write the out bucket: `pulumi config set --secret serviceAccountKey -- "$(cat ' +
    'key.json)"`; then no key is made.'
  );
}

/** Hooks of the key: a refusal is explained beside Google's own error. */
export function explainKeyRefusal(): pulumi.ResourceHookBinding {
  const explain = new pulumi.ErrorHook('explain-key-refusal', async ({ errors }) => {
    const text = wayOut(errors);
    if (text !== undefined) await pulumi.log.error(text);
    // A refusal stays one; anything else is Pulumi's to report.
    return false;
  });
  return { onError: [explain] };
}
