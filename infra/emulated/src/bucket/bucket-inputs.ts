import { z } from 'zod';
import { httpUrl } from '../http-url';

/** The label that tells which resource of which stack made a bucket. */
export const MARK = 'pulumi';

/** Inputs of a bucket, as the provider receives them. The state keeps the same. */
export interface BucketInputs {
  readonly endpoint: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly forceDestroy?: boolean;
  readonly forceReplace?: boolean;
  readonly adopt?: boolean;
  /** Which resource of which stack this is; a label of the bucket. Absent in the state of older versions. */
  readonly mark?: string;
}

const LABEL = /^[\p{Ll}\p{Lo}\d_-]{0,63}$/u;

/** Form of each input. Names as Cloud Storage has them: https://cloud.google.com/storage/docs/buckets#naming */
export const bucketSchema = z.strictObject({
  endpoint: httpUrl,
  name: z
    .string()
    .regex(
      /^(?=.{3,63}$)[a-z0-9][a-z0-9._-]*[a-z0-9]$/,
      'must have 3 to 63 lowercase letters, digits, dashes, dots or underscores, with a letter or digit at both ends',
    ),
  labels: z
    .record(z.string(), z.string())
    .refine(
      (labels) =>
        Object.entries(labels)
          .flat()
          .every((text) => LABEL.test(text)),
      {
        message: 'may have 63 lowercase letters, digits, dashes and underscores each',
      },
    )
    .optional(),
  forceDestroy: z.boolean().optional(),
  forceReplace: z.boolean().optional(),
  adopt: z.boolean().optional(),
  mark: z.string().optional(),
});
