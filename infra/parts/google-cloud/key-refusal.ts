/** Organizations made since 2024-05-03 forbid keys of service accounts unless told otherwise; Google's error does not say what to do. */
import * as pulumi from '@pulumi/pulumi';

const REFUSAL = /iam\.disableServiceAccountKeyCreation|Key creation is not allowed/i;

/**
 * What a user can do about a refused key; undefined when `errors` are about something else.
 * @param instead the way without this key
 */
export function explainRefusal(errors: readonly string[], instead: string): string | undefined {
  if (!errors.some((error) => REFUSAL.test(error))) return undefined;
  return (
    'Your organization forbids keys of service accounts (policy constraints/iam.disableServiceAccountKeyCreation). Two ways ' +
    'out:\n  - an administrator exempts this project: `gcloud resource-manager org-policies disable-enforce ' +
    `iam.disableServiceAccountKeyCreation --project=PROJECT\`; then \`pulumi up\` again;\n  - ${instead}.`
  );
}

/**
 * Hooks of a key: a refusal is explained beside Google's own error.
 * @param key which one; hooks of one stack have different names
 */
export function explainKeyRefusal(key: string, instead: string): pulumi.ResourceHookBinding {
  const explain = new pulumi.ErrorHook(`explain-refusal-of-${key}-key`, async ({ errors }) => {
    const text = explainRefusal(errors, instead);
    if (text !== undefined) await pulumi.log.error(text);
    // A refusal stays one; anything else is Pulumi's to report.
    return false;
  });
  return { onError: [explain] };
}
