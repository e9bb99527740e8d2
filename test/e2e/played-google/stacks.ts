/** Stacks of the real Pulumi CLI and its plugins that see a played Google. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { onPath } from '../on-path';
import { writeProgram } from '../written-program';
import type { Answer, GoogleRequest } from './google';
import { startProxy } from './proxy';

export const ROOT = path.resolve(__dirname, '../../..');

const PROGRAMS = ['pulumi', 'pulumi-language-nodejs', 'pulumi-resource-gcp', 'pulumi-resource-random', 'openssl'];

/** What these tests need and this machine has not. */
export const MISSING = PROGRAMS.filter((name) => !onPath('sh', '-c', `command -v ${name}`));
/** For a test's name: why it is skipped. */
export const BECAUSE = MISSING.length === 0 ? '' : ` (skipped: no ${MISSING.join(', no ')} on the PATH)`;

/** A stack: its commands say what Pulumi said, and fail with all of it. */
export interface Stack {
  up(): Promise<string>;
  refresh(): Promise<string>;
  destroy(): Promise<string>;
}

export interface Stacks {
  /** A stack of the program in the folder `main`; config keys without `pdfmagic:`. */
  open(name: string, main: string, config: Readonly<Record<string, string>>): Promise<Stack>;
  /** A folder with a program of a test's own. */
  write(name: string, text: string): string;
  close(): void;
}

/** Starts a proxy in front of the Google that `answer` is. @param environment what the stacks' commands find beside this one */
export async function startStacks(
  answer: (request: GoogleRequest) => Answer,
  environment: Readonly<Record<string, string>> = {},
): Promise<Stacks> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-google-'));
  const proxy = await startProxy(folder, answer);
  return {
    async open(name, main, config) {
      const cwd = path.join(folder, `stack-${name}`);
      mkdirSync(cwd);
      writeFileSync(path.join(cwd, 'Pulumi.yaml'), JSON.stringify({ name: 'pdfmagic', main, runtime: 'nodejs' }));
      const env = {
        ...process.env,
        ...proxy.env,
        GOOGLE_OAUTH_ACCESS_TOKEN: 'false-token',
        // The program itself asks for tokens of new keys.
        NODE_EXTRA_CA_CERTS: proxy.env.SSL_CERT_FILE,
        PULUMI_HOME: path.join(folder, 'home'),
        PULUMI_BACKEND_URL: `file://${cwd}`,
        PULUMI_CONFIG_PASSPHRASE: 'test',
        PULUMI_SKIP_UPDATE_CHECK: 'true',
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
        ...environment,
      };
      const pulumi = async (...args: string[]) => {
        const run = promisify(execFile)('pulumi', ['--non-interactive', '--color=never', ...args], {
          cwd,
          env,
          maxBuffer: 64 << 20,
        });
        return (await run.catch(({ stdout, stderr }) => Promise.reject(new Error(`${stdout}${stderr}`)))).stdout;
      };
      await pulumi('stack', 'init', name);
      for (const [key, value] of Object.entries(config)) await pulumi('config', 'set', `pdfmagic:${key}`, value);
      return {
        up: () => pulumi('up', '--yes', '--skip-preview'),
        refresh: () => pulumi('refresh', '--yes', '--skip-preview'),
        destroy: () => pulumi('destroy', '--yes', '--skip-preview'),
      };
    },
    write: (name, text) => writeProgram(folder, name, text),
    close() {
      proxy.close();
      rmSync(folder, { recursive: true });
    },
  };
}
