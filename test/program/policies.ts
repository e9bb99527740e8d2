/** What no stack on Google Cloud may have, whatever it is for. */
import { expect } from 'vitest';
import type { Recording } from './recording';

/** Roles that are about everything. */
const BROAD = /^roles\/(owner|editor|viewer|.*\.admin)$/;
const EVERYONE = ['allUsers', 'allAuthenticatedUsers'];

/** Fails with the URN of what breaks a rule. */
export function expectPolicies({ resources, outputs, secretOutputs }: Recording): void {
  for (const { urn, type, inputs, secrets } of resources) {
    expect(String(inputs.role ?? ''), urn).not.toMatch(BROAD);
    expect(EVERYONE, urn).not.toContain(inputs.member);
    if (type === 'gcp:storage/bucket:Bucket') {
      expect(inputs, urn).toMatchObject({ publicAccessPrevention: 'enforced', uniformBucketLevelAccess: true });
      expect(JSON.stringify(inputs.cors ?? []), urn).not.toContain('"*"');
    }
    const open = Object.entries(inputs).filter(([key]) => !secrets.some((path) => path.split('.')[0] === key));
    expect(JSON.stringify(open), urn).not.toContain('S3CRET');
  }
  const open = Object.entries(outputs).filter(([key]) => !secretOutputs.includes(key));
  expect(JSON.stringify(open)).not.toContain('S3CRET');
}
