/** The folder that a sandbox of plain processes has to itself, since it has no mounts: made before it, removed after it. */
import { execFile } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, symlinkSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { DiskFullError, isDiskFull } from '../ground/disk-full';
import { removeFolder } from './processes/leftovers';
import { PRIVATE_FOLDER } from './processes/records';
import type { ImageMagickPolicy, SandboxSpec } from './sandbox';

/** The private folder of a sandbox. */
export interface PrivateFolder {
  /** Also the folder for XDG_CONFIG_HOME: ImageMagick looks for `ImageMagick/policy.xml` in it. */
  readonly root: string;
  /** The program's code. */
  readonly code: string;
  /** HOME and TMPDIR of the sandbox, and all it may write. */
  readonly temporary: string;
  /** The script, if there is one. */
  readonly script?: string;
}

/**
 * Makes it; `identity` is the user that the sandbox becomes, if not the present one. Modes hold whatever the umask is.
 * @throws DiskFullError where the code does not fit
 */
export async function makePrivateFolder(
  spec: SandboxSpec,
  { policyFolder }: ImageMagickPolicy,
  identity: number | undefined,
): Promise<PrivateFolder> {
  const root = makeRoot();
  const folder: PrivateFolder = {
    root,
    code: path.join(root, 'action'),
    temporary: path.join(root, 'tmp'),
    ...(spec.script === undefined ? {} : { script: path.join(root, path.basename(spec.script)) }),
  };
  try {
    mkdirSync(folder.temporary, { mode: 0o700 });
    // An own copy, since nothing hinders a process of the same user from writing. cp(1) takes a tenth of fs.cp's time.
    if (spec.code !== undefined) await promisify(execFile)('/bin/cp', ['-RPp', spec.code, folder.code]);
    else makeReadable(folder.code);
    if (spec.script !== undefined && folder.script !== undefined) await copyReadable(spec.script, folder.script);
    if (spec.packages !== undefined) symlinkSync(spec.packages, path.join(root, 'packages'));
    if (spec.imagemagickPdf) {
      makeReadable(path.join(root, 'ImageMagick'));
      await copyReadable(path.join(policyFolder, 'policy.xml'), path.join(root, 'ImageMagick', 'policy.xml'));
    }
    if (identity !== undefined) {
      chownSync(folder.temporary, identity, identity);
      chownSync(root, -1, identity);
      chmodSync(root, 0o750);
    }
    return folder;
  } catch (error) {
    await removeFolder(root);
    if (isDiskFull(error)) throw new DiskFullError(path.dirname(root), await sizeOf(spec.code), error);
    throw error;
  }
}

function makeRoot(): string {
  const parent = realpathSync(tmpdir());
  try {
    return mkdtempSync(path.join(parent, PRIVATE_FOLDER));
  } catch (error) {
    throw isDiskFull(error) ? new DiskFullError(parent, undefined, error) : error;
  }
}

/** Bytes that a folder takes on the disk; undefined when nobody can tell. */
async function sizeOf(folder: string | undefined): Promise<number | undefined> {
  if (folder === undefined) return undefined;
  const measured = await promisify(execFile)('du', ['-sk', folder]).catch(() => undefined);
  return measured && Number.parseInt(measured.stdout, 10) * 1024;
}

function makeReadable(folder: string): void {
  mkdirSync(folder);
  chmodSync(folder, 0o755);
}

async function copyReadable(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  chmodSync(to, 0o444);
}
