/** `npm start`: the platform, the stack, a photograph in every way, a table; then it serves until Ctrl-C. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { WAY_NAMES, WAYS, waysOn } from '../../contract/ways';
import { messageOf } from '../../ground/errors';
import { openPlatform } from '../../platform/composition/running';
import * as runner from '../../runner';
import { convert, within } from '../client/convert';
import { openService } from '../client/service';
import { countPages } from '../demo/check-pdf';
import { shortPath } from '../project';
import type { Stack } from '../stack/stack';
import { deployedStack } from './deployed-stack';
import { refuseForeignStack, refuseSecondStack } from './one-stack';
import { platformOf } from './options';
import { confirmMove, type MoveOptions } from './platform-change';
import { detail, endStep, longStep, step } from './progress';
import { requireRoom } from './require-room';
import { aborted, stopSignal } from './signals';
import { stackOf } from './stack-of';
import { formatTable } from './table';

export interface StartOptions extends MoveOptions {
  readonly once?: boolean;
  readonly photo: string;
  readonly output: string;
}

/** Milliseconds that a conversion may take here, with its cold start. */
const PATIENCE = 60_000;
/** ISO/IEC 10918-1: start of image, and the first byte of the next marker. */
const JPEG_START = Buffer.from([0xff, 0xd8, 0xff]);

/** @throws Error for what cannot be, before anything is started; for a failed step; or naming the ways that failed */
export async function start(options: StartOptions): Promise<void> {
  const bytes = requirePhoto(options.photo);
  requireRoom({ ...options, output: { folder: options.output, bytes: WAY_NAMES.length * bytes } });
  refuseSecondStack(options);
  await confirmMove(options);
  const wanted = platformOf(options, detail);
  longStep('Starting the local platform ...');
  const { platform, elsewhere } = await openPlatform(wanted);
  const signal = stopSignal();
  try {
    detail(
      `${options.platform === 'cloudrun' ? 'Cloud Run' : 'OpenWhisk'} at ${platform.apihost}, storage at ${platform.storageEndpoint}${elsewhere ? ' (running already)' : ''}`,
    );
    await refuseForeignStack(platform, options);
    longStep(`Deploying the stack of ${options.student} ...`);
    const result = await runner.up({ ...stackOf(options), signal });
    detail(runner.formatSummary(result));
    const stack = deployedStack(result.outputs, options.data);
    const place = stack.page ?? `${stack.endpoints.v1} (by POST, see the table)`;
    if (stack.page !== undefined) step(`Open this page in your browser: ${place}`);
    longStep(`Converting ${options.photo} by ${waysOn(stack.platform).join(', ')} ...`);
    await Promise.race([convertAll(stack, options, signal), aborted(signal)]);
    endStep();
    if (options.once || !process.stdout.isTTY || elsewhere) return;
    step(`Serving ${place} until Ctrl-C. In another terminal: npm run outputs`);
    await aborted(signal);
    longStep('Stopping ...');
  } finally {
    await platform.stop();
    endStep();
  }
}

/** @returns its size. @throws Error when it cannot be read or is no JPEG: found before anything is started */
function requirePhoto(file: string): number {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new Error(`cannot read ${file}: ${messageOf(error)}. Name a JPEG with --photo FILE.`);
  }
  if (!bytes.subarray(0, 3).equals(JPEG_START))
    throw new Error(`${file} is not a JPEG: it does not begin with FF D8 FF. Name a JPEG with --photo FILE.`);
  return bytes.length;
}

/** Converts in each way, prints the table. @throws Error naming the ways that failed, after all were tried */
async function convertAll(stack: Stack, { photo, output }: StartOptions, signal: AbortSignal): Promise<void> {
  const service = openService(stack);
  const ways = waysOn(stack.platform);
  mkdirSync(output, { recursive: true });
  const rows: string[][] = [];
  const failures: string[] = [];
  for (const way of ways) {
    const { command } = WAYS[way];
    const started = performance.now();
    try {
      const { pdf } = await within(PATIENCE, signal, (limit) =>
        convert(way, service, { file: photo, object: `${way}.jpg` }, limit),
      );
      const ms = Math.round(performance.now() - started);
      const file = path.resolve(output, `${way}.pdf`);
      writeFileSync(file, pdf);
      rows.push([way, command, `${await countPages(pdf)}`, `${ms} ms`, shortPath(file)]);
    } catch (error) {
      rows.push([way, command, '-', '-', 'failed']);
      failures.push(`${way}: ${messageOf(error)}`);
    }
  }
  console.log(`\n${formatTable(['way', 'command', 'pages', 'time', 'PDF'], rows)}`);
  console.log('\nTo see the same as commands to paste: npm run outputs');
  if (failures.length > 0)
    throw new Error(`${failures.length} of ${ways.length} ways failed:\n  ${failures.join('\n  ')}`);
}
