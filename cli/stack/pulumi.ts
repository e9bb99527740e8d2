/** A stack of the real Pulumi CLI, which must be on the PATH. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { hasCode } from '../../ground/errors';
import { Failure, UsageFailure } from '../failure';

const run = promisify(execFile);

/** The outputs of a stack, secrets as `[secret]`. @param name undefined for the one that is selected. @throws UsageFailure */
export async function pulumiOutputs(projectDir: string, name: string | undefined): Promise<unknown> {
  const found = await output(projectDir, name, []);
  if (typeof found === 'object' && found !== null && Object.keys(found).length > 0) return found;
  throw new UsageFailure(`The stack ${name ?? 'that is selected'} has no outputs yet.`, 'Run `pulumi up`.');
}

/** The key of the OpenWhisk that the stack has made. It is asked for alone, and only when something needs it. */
export async function pulumiKey(projectDir: string, name: string | undefined): Promise<string> {
  const key = z.string().safeParse(await output(projectDir, name, ['auth', '--show-secrets']));
  if (key.success) return key.data;
  throw new Failure('The output `auth` of the stack is not a key.', 'Run `pulumi up`.');
}

async function output(projectDir: string, name: string | undefined, what: readonly string[]): Promise<unknown> {
  const stack = name === undefined ? [] : ['--stack', name];
  const command = ['stack', 'output', ...what, '--json', ...stack, '--non-interactive', '--cwd', projectDir];
  try {
    return JSON.parse((await run('pulumi', command, { maxBuffer: 16 << 20, timeout: 120_000 })).stdout);
  } catch (error) {
    throw failureOf(error, name);
  }
}

function failureOf(error: unknown, name: string | undefined): UsageFailure {
  if (hasCode(error, 'ENOENT')) {
    const wanted =
      name === undefined ? 'Nothing is deployed on this machine, and' : `The stack ${name} cannot be found:`;
    return new UsageFailure(
      `${wanted} there is no \`pulumi\` on the PATH.`,
      'Run `npm start` to deploy on this machine; or install Pulumi; or save the outputs of a stack elsewhere ' +
        '(`pulumi stack output --json --show-secrets > outputs.json`) and name the file: --outputs outputs.json.',
    );
  }
  const words = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
  return new UsageFailure(
    `Pulumi cannot read the outputs of ${name === undefined ? 'a stack' : `the stack ${name}`}: ${words}`,
    name === undefined
      ? 'Name one with --stack NAME, or select one with `pulumi stack select NAME`. On this machine, `npm start` deploys one.'
      : '`pulumi stack ls` lists the stacks. The backend and PULUMI_CONFIG_PASSPHRASE must be those that it was created with.',
  );
}
