import { httpUrl, optionalBoolean, optionalTexts, type Rules, text } from '../input/check';

/** Inputs of a bucket, as the provider receives them. The state keeps the same. */
export interface BucketInputs {
  readonly endpoint: string;
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly forceDestroy?: boolean;
  readonly adopt?: boolean;
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
  adopt: optionalBoolean,
};
