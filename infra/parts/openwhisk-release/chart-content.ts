/** The files of a Helm chart, out of a folder or an archive, and one hash for all of them. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Parser } from 'tar';

/** Content by path inside the chart, such as `templates/nginx-pod.yaml`. */
export type ChartFiles = ReadonlyMap<string, Buffer>;

const CHART_FILE = 'Chart.yaml';

/** Reads a folder that has a chart at its root. @throws Error of the file system */
export function readChartFolder(folder: string): ChartFiles {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map(({ parentPath, name }) => {
    const file = path.join(parentPath, name);
    return [path.relative(folder, file).split(path.sep).join('/'), readFileSync(file)] as const;
  });
  return new Map(files);
}

/**
 * Reads an archive (tar, compressed or not) that has a chart anywhere in it, as Helm packs it or as GitHub packs a commit.
 * Empty when there is none. @throws Error when it is no archive
 */
export async function readChartArchive(bytes: Buffer): Promise<ChartFiles> {
  const all = await unpack(bytes);
  const roots = [...all.keys()]
    .filter((name) => path.posix.basename(name) === CHART_FILE)
    .map((name) => path.posix.dirname(name))
    .sort((a, b) => a.length - b.length);
  const root = roots[0];
  if (root === undefined) return new Map();
  const inside = [...all].filter(([name]) => name.startsWith(`${root}/`));
  return new Map(inside.map(([name, content]) => [name.slice(root.length + 1), content]));
}

/**
 * SHA-256 in hexadecimal of all files: of a line `SHA-256  PATH` for each, sorted by path. What packs or compresses them has no
 * say in it: GitHub does not promise the bytes of its archives.
 */
export function hashChart(files: ChartFiles): string {
  const sha256 = (content: string | Buffer) => createHash('sha256').update(content).digest('hex');
  const names = [...files.keys()].sort();
  return sha256(names.map((name) => `${sha256(files.get(name) ?? '')}  ${name}\n`).join(''));
}

function unpack(bytes: Buffer): Promise<Map<string, Buffer>> {
  return new Promise((resolve, reject) => {
    const files = new Map<string, Buffer>();
    const parser = new Parser({
      strict: true,
      onReadEntry: (entry) => {
        const chunks: Buffer[] = [];
        entry.on('data', (chunk: Buffer) => chunks.push(chunk));
        entry.on('end', () => {
          const name = path.posix.normalize(entry.path);
          const isInside = !path.posix.isAbsolute(name) && !name.startsWith('..');
          if (entry.type === 'File' && isInside) files.set(name, Buffer.concat(chunks));
        });
      },
    });
    parser.on('end', () => resolve(files));
    parser.on('error', reject);
    parser.end(bytes);
  });
}
