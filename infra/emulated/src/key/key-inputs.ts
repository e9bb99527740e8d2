import { httpUrl, optionalTexts, type Rules, text } from '../input/check';

/** Inputs of a key, as the provider receives them. */
export interface KeyInputs {
  readonly accountId: string;
  readonly project: string;
  readonly tokenUri: string;
  readonly keepers?: Readonly<Record<string, string>>;
}

/** What the state keeps. */
export interface KeyOutputs extends KeyInputs {
  /** The key file, a secret. */
  readonly privateKeyJson: string;
  /** `account@project.iam.gserviceaccount.com` */
  readonly email: string;
}

const NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const NAME_RULE = 'must be small letters, digits and dashes, with a letter first and no dash last';

/** Form of each input. */
export const keyRules: Rules = {
  accountId: text(NAME, NAME_RULE),
  project: text(NAME, NAME_RULE),
  tokenUri: httpUrl,
  keepers: optionalTexts(),
};
