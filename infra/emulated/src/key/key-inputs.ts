import { z } from 'zod';
import { httpUrl } from '../http-url';

/** Inputs of a key, as the provider receives them. */
export interface KeyInputs {
  readonly accountId: string;
  readonly project: string;
  readonly tokenUri: string;
}

/** What the state keeps. */
export interface KeyOutputs extends KeyInputs {
  /** The key file, a secret. */
  readonly privateKeyJson: string;
  /** `account@project.iam.gserviceaccount.com` */
  readonly email: string;
}

const name = z
  .string()
  .regex(
    /^[a-z]([-a-z0-9]*[a-z0-9])?$/,
    'must be lowercase letters, digits and dashes, starting with a letter and not ending with a dash',
  );

/** Form of each input. */
export const keySchema = z.strictObject({ accountId: name, project: name, tokenUri: httpUrl });
