/** Form of the inputs that several resources have. */
import { z } from 'zod';

const NOT_EMPTY = 'must be text that is not empty';
const LABEL = 'must be at most 63 lowercase letters, digits and dashes, without a dash at either end';
const MINUTES = 'must be minutes, above 0 and at most 1440';

export const text = z.string(NOT_EMPTY).regex(/\S/, NOT_EMPTY);

/** A label of DNS, as namespaces and releases are named. */
export const label = z.string(LABEL).regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, LABEL);

/** What every resource with a cluster has. */
export const clusterInputs = {
  /** Content of a kubeconfig; a secret. */
  kubeconfig: text,
  namespace: label,
  /** How long a wait may take, in minutes. */
  timeout: z
    .number(MINUTES)
    .gt(0, MINUTES)
    .lte(24 * 60, MINUTES),
  /** What gives a pod room, in words for a user: a part of the error when no node has any. */
  moreRoom: z.string().optional(),
};

const schema = z.strictObject(clusterInputs);

/** Which namespace of which cluster, and how long to wait. */
export type ClusterInputs = Readonly<z.infer<typeof schema>>;
