/** OpenWhisk's limit on an action's code, checked before an upload that could only fail. */
import { stat } from 'node:fs/promises';
import type { Entry } from './entries';
import { PackagingError } from './errors';

/** 48 MB, on the base64 form that travels (OpenWhisk's `Exec.sizeLimit`). */
const CODE_LIMIT = 48 * 1024 * 1024;

const ROWS = 12;

/**
 * @param bytes size of the zip
 * @throws PackagingError with a table of the biggest parts, when the zip is too large
 */
export async function checkSize(action: string, bytes: number, entries: readonly Entry[], limit = CODE_LIMIT) {
  const base64 = 4 * Math.ceil(bytes / 3);
  if (base64 <= limit) return;
  throw new PackagingError(
    `The zip of ${action} is ${toMebibytes(bytes)} MiB, or ${toMebibytes(base64)} MiB as base64; OpenWhisk accepts ` +
      `${toMebibytes(limit)} MiB. Drop a library or shorten the requirements. The biggest parts, unpacked:\n\n` +
      (await listBiggestParts(entries)),
  );
}

/** A library, or a top-level file or folder, with the size of its files in MiB; the largest first. */
async function listBiggestParts(entries: readonly Entry[]): Promise<string> {
  const sizes = new Map<string, number>();
  for (const { name, file } of entries) {
    const part = namePart(name);
    sizes.set(part, (sizes.get(part) ?? 0) + (await stat(file)).size);
  }
  const rows = [...sizes].sort(([, a], [, b]) => b - a).slice(0, ROWS);
  return rows.map(([part, size]) => `${toMebibytes(size).padStart(8)} MiB  ${part}`).join('\n');
}

function namePart(name: string): string {
  const [, library] = /^(virtualenv\/lib\/[^/]+\/site-packages\/[^/]+)/.exec(name) ?? [];
  return library ?? name.split('/')[0] ?? name;
}

function toMebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
