import { httpUrl, optionalBoolean, optionalText, optionalTexts, type Rules, text } from '../input/check';

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

/** Names as Cloud Storage has them: https://cloud.google.com/storage/docs/buckets#naming */
export const bucketRules: Rules = {
  endpoint: httpUrl,
  name: text(
    /^(?=.{3,63}$)[a-z0-9][a-z0-9._-]*[a-z0-9]$/,
    'must have 3 to 63 small letters, digits, dashes, dots or underscores, with a letter or digit at both ends',
  ),
  labels: optionalTexts(
    /^[\p{Ll}\p{Lo}\d_-]{0,63}$/u,
    'may have 63 small letters, digits, dashes and underscores each',
  ),
  forceDestroy: optionalBoolean,
  forceReplace: optionalBoolean,
  adopt: optionalBoolean,
  mark: optionalText,
};
