import { changedInputs, checkInputs } from '@pdfmagic/openwhisk/dynamic';
import type { CheckResult, CreateResult, DiffResult, UpdateResult } from '@pulumi/pulumi/dynamic';
import { emailOf, type KeyFile, makeKeyFile } from './key-file';
import { type KeyInputs, type KeyOutputs, keySchema } from './key-inputs';

/** Reports every bad input by name. */
export async function check(_olds: KeyInputs, news: KeyInputs): Promise<CheckResult<KeyInputs>> {
  return checkInputs(keySchema, news);
}

/** Another account or project is another key; another token URI is the same emulator, moved. */
export async function diff(_id: string, olds: KeyOutputs, news: KeyInputs): Promise<DiffResult> {
  const changed = changedInputs({ accountId: {}, project: {}, tokenUri: {} }, olds, news);
  return { changes: changed.length > 0, replaces: changed.filter((name) => name !== 'tokenUri') };
}

/** Makes the key. It exists in the state alone, so there is nothing to read again and nothing to delete. */
export async function create(inputs: KeyInputs): Promise<CreateResult> {
  const file = await makeKeyFile(inputs);
  return { id: file.private_key_id, outs: makeOutputs(inputs, file) };
}

/** Keeps the key and writes the new token URI into its file. */
export async function update(_id: string, olds: KeyOutputs, news: KeyInputs): Promise<UpdateResult> {
  const file = JSON.parse(olds.privateKeyJson) as KeyFile;
  const auth_uri = new URL('/o/oauth2/auth', news.tokenUri).href;
  return { outs: makeOutputs(news, { ...file, auth_uri, token_uri: news.tokenUri }) };
}

function makeOutputs({ accountId, project, tokenUri }: KeyInputs, file: KeyFile): KeyOutputs {
  return {
    ...{ accountId, project, tokenUri },
    email: emailOf({ accountId, project }),
    privateKeyJson: JSON.stringify(file, undefined, 2),
  };
}
