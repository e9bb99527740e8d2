/** Which stack the command is for: the one that is named, else that of this machine, else the one that Pulumi has selected. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { UsageFailure, wordsOf } from '../failure';
import { PROJECT_DIR } from '../project';
import { findKey } from './key';
import { localOutputs } from './local';
import { pulumiKey, pulumiOutputs } from './pulumi';
import { readOutputs, type Stack, stackOf } from './stack';

/** The folder of the project, and where the platform on this machine has its data unless told otherwise. */
const DATA_DIR = path.join(PROJECT_DIR, '.pdfmagic');

/** How a user names a stack; at most one of them. */
export interface StackChoice {
  /** File with the outputs as JSON; `-` is stdin. */
  readonly outputs?: string;
  /** Name of a stack of Pulumi's. */
  readonly stack?: string;
  /** Data folder of a platform on this machine. */
  readonly data?: string;
}

/** @throws UsageFailure when there is none, or more than one is named */
export async function findStack(choice: StackChoice): Promise<Stack> {
  const named = Object.entries(choice).filter(([, value]) => value !== undefined);
  const empty = named.find(([, value]) => value === '');
  if (empty !== undefined) throw new UsageFailure(`--${empty[0]} names nothing.`, 'Give a name, or leave it out.');
  if (named.length > 1) {
    const options = named.map(([name]) => `--${name}`).join(' and ');
    throw new UsageFailure(`${options} each name a stack.`, 'Give only one of them.');
  }
  const { outputs, stack, data } = choice;
  if (outputs !== undefined) return fromFile(outputs);
  if (stack !== undefined) return fromPulumi(stack);
  const dataDir = path.resolve(data ?? DATA_DIR);
  const local = localOutputs(dataDir);
  if (local !== undefined) return stackOf(readOutputs(local, dataDir), (apihost) => findKey(apihost, dataDir));
  if (data !== undefined) {
    throw new UsageFailure(
      `Nothing is deployed on the local platform of ${dataDir}.`,
      'To deploy, run `npm start` or `npm run up` in the project’s folder. For another data folder, add `-- --data FOLDER`.',
    );
  }
  return fromPulumi(undefined);
}

async function fromPulumi(name: string | undefined): Promise<Stack> {
  const found = readOutputs(await pulumiOutputs(PROJECT_DIR, name), `The stack ${name ?? 'that is selected'}`);
  const own = found.auth !== undefined;
  return stackOf(found, (apihost) => (own ? pulumiKey(PROJECT_DIR, name) : findKey(apihost, DATA_DIR)));
}

async function fromFile(file: string): Promise<Stack> {
  const name = file === '-' ? 'stdin' : file;
  let json: unknown;
  try {
    json = JSON.parse(file === '-' ? await text(process.stdin) : await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageFailure(`${name} cannot be read as JSON: ${wordsOf(error)}.`, 'It must hold a stack’s outputs.');
  }
  const found = readOutputs(json, name);
  // Without --show-secrets, that is what Pulumi prints.
  const auth = found.auth === '[secret]' ? undefined : found.auth;
  return stackOf(found, async (apihost) => auth ?? findKey(apihost, DATA_DIR));
}
