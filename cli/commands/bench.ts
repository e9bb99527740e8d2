/** `npm run bench`: warm conversions beside bare convert, printed and written as JSON. */
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findRunning, waitForPlatform } from '../../platform/composition/running';
import * as runner from '../../runner';
import { type BenchResult, measure } from '../bench/bench';
import { openService } from '../client/service';
import { PROJECT_DIR } from '../project';
import { startChild } from './child-platform';
import { deployedStack } from './deployed-stack';
import { confirmMove, type MoveOptions } from './platform-change';
import { detail } from './progress';
import { stackOf } from './stack-of';
import { formatTable } from './table';

export interface BenchOptions extends MoveOptions {
  readonly photo: string;
  readonly json: string;
}

/** The platform runs in a process of its own, so that the load is not made on its event loop. */
export async function bench(options: BenchOptions): Promise<void> {
  await confirmMove(options);
  const child = (await findRunning(options.data)) === undefined ? startChild(options) : undefined;
  try {
    if (child !== undefined) await waitForPlatform(options.data, child);
    const { outputs } = await runner.up(stackOf(options));
    const subject = {
      service: openService(deployedStack(outputs, options.data)),
      file: path.resolve(options.photo),
      jpeg: readFileSync(options.photo),
      policy: path.join(PROJECT_DIR, 'runtime/policy.xml'),
    };
    const result = await measure(subject, detail);
    mkdirSync(path.dirname(path.resolve(options.json)), { recursive: true });
    writeFileSync(options.json, `${JSON.stringify(result, null, 2)}\n`);
    print(result);
    console.log(`\nwritten to ${options.json}`);
  } finally {
    if (child?.kill('SIGTERM')) await once(child, 'close');
  }
}

function print({ latency, rate, file, cores }: BenchResult): void {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const perSecond = (value: number): string => `${value.toFixed(1)} /s`;
  console.log(`\n${file}, warm, on ${cores} cores\n`);
  console.log(
    formatTable(
      ['what', 'plain convert', 'POST /convert/pdf', 'service / plain'],
      [
        ['median, one at a time', ms(latency.bare), ms(latency.service), `+ ${ms(latency.added)}`],
        [
          'rate, four at a time',
          `${perSecond(rate.bareBest)} (its best)`,
          perSecond(rate.service),
          `x ${rate.ratio.toFixed(2)}`,
        ],
      ],
    ),
  );
  console.log(
    `\nplain convert: ${Object.entries(rate.bare)
      .map(([name, value]) => `${perSecond(value)} with ${name}`)
      .join('; ')}`,
  );
}
