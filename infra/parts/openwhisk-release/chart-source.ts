/** Where the chart comes from: an archive or a folder, checked by its content's hash. It is fetched once, and kept in the build folder. */
import { mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { EnvHttpProxyAgent, fetch } from 'undici';
import { messageOf } from '../../../ground/errors';
import type { ReleaseConfig } from '../../config';
import { type ChartFiles, hashChart, readChartArchive, readChartFolder } from './chart-content';

/** Relative to the project's folder, so that the state has no path of a machine. */
const KEPT = './build/chart';
const TIME_LIMIT = 60_000;

/** Which chart: see the config keys `chart` and `chartSha256`. */
export type ChartSource = ReleaseConfig['chart'];

/**
 * Reads the chart's files. @param kept folder of what was fetched before
 * @throws pulumi.RunError in words, when it cannot be had or has another content
 */
export async function openChart({ from, sha256 }: ChartSource, kept: string = KEPT): Promise<ChartFiles> {
  const folder = path.join(kept, sha256);
  const before = await readKept(folder, sha256);
  if (before !== undefined) return before;
  const files = await readChart(from);
  const found = hashChart(files);
  if (found !== sha256) {
    throw new pulumi.RunError(
      `The chart at ${from} is not the expected one: the SHA-256 of its content is ${found}, not ${sha256}. ` +
        `To use it anyway: pulumi config set chartSha256 ${found}`,
    );
  }
  await writeChart(files, folder);
  return files;
}

/**
 * The chart with one more file, as a folder that Helm reads.
 * @returns its path, relative to the project; another content has another one
 */
export async function prepareChart(
  chart: ChartFiles,
  added: Readonly<Record<string, string>>,
  kept: string = KEPT,
): Promise<string> {
  const files = new Map([...chart, ...Object.entries(added).map(([name, text]) => [name, Buffer.from(text)] as const)]);
  const hash = hashChart(files);
  const folder = path.join(kept, `openwhisk-${hash.slice(0, 12)}`);
  if ((await readKept(folder, hash)) === undefined) await writeChart(files, folder);
  // Helm takes a path for one only with this before it.
  return path.isAbsolute(folder) ? folder : `./${path.normalize(folder)}`;
}

async function readKept(folder: string, sha256: string): Promise<ChartFiles | undefined> {
  try {
    const files = readChartFolder(folder);
    return hashChart(files) === sha256 ? files : undefined;
  } catch {
    return undefined;
  }
}

async function readChart(from: string): Promise<ChartFiles> {
  try {
    if (/^https?:\/\//.test(from)) return expectChart(await readChartArchive(await download(from)));
    // Of another folder, which may be large, nothing is read.
    if ((await stat(from)).isDirectory())
      return readChartFolder(path.dirname(await realpath(path.join(from, 'Chart.yaml'))));
    return expectChart(await readChartArchive(await readFile(from)));
  } catch (error) {
    throw new pulumi.RunError(
      `The Helm chart of OpenWhisk cannot be read from ${from}: ${messageOf(error)}. If this machine cannot reach it, ` +
        'download it on another machine, then: pulumi config set chart FILE.tar.gz',
    );
  }
}

function expectChart(files: ChartFiles): ChartFiles {
  if (!files.has('Chart.yaml')) throw new Error('there is no Chart.yaml in it');
  return files;
}

async function download(url: string): Promise<Buffer> {
  const dispatcher = new EnvHttpProxyAgent();
  try {
    const answer = await fetch(url, { dispatcher, signal: AbortSignal.timeout(TIME_LIMIT) });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    return Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    // What undici says itself is no more than that it failed.
    throw error instanceof TypeError && error.cause instanceof Error ? error.cause : error;
  } finally {
    await dispatcher.close();
  }
}

/** Under another name first, so that nothing half-written is ever taken for the chart. */
async function writeChart(files: ChartFiles, folder: string): Promise<void> {
  const draft = `${folder}.${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  for (const [name, content] of files) {
    const file = path.join(draft, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}
