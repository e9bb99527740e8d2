/** `npm run bench`: warm conversions beside bare convert, printed and written as JSON. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { findRunning, waitForPlatform } from '../../platform/composition/running';
import * as runner from '../../runner';
import { type BenchResult, measure } from '../bench/bench';
import { openService } from '../client/service';
import { PROJECT_DIR } from '../project';
import type { Terminal } from '../terminal';
import { startChild } from './child-platform';
import { deployedStack } from './deployed-stack';
import { confirmMove, type MoveOptions } from './platform-change';
import { detail } from './progress';
import { stackOf } from './stack-of';
import { formatTable } from './table';
import { writeFigures } from './write-figures';

export interface BenchOptions extends MoveOptions {
  readonly photo: string;
  readonly json: string;
}

/** The platform runs in a process of its own, so that the load is not made on its event loop. */
export async function bench(options: BenchOptions, terminal: Terminal): Promise<void> {
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
    print(result, terminal);
    writeFigures(options.json, result, terminal);
  } finally {
    if (child?.kill('SIGTERM')) await once(child, 'close');
  }
}

function print({ latency, rate, file, cores }: BenchResult, terminal: Terminal): void {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const perSecond = (value: number): string => `${value.toFixed(1)} /s`;
  terminal.out(`\n${file}, warm, on ${cores} cores\n`);
  terminal.out(
    formatTable(
      ['what', 'plain convert', 'POST /convert/pdf', 'difference'],
      [
        ['median, one at a time', ms(latency.bare), ms(latency.service), `+ ${ms(latency.added)}`],
        [
          'rate, four at a time',
          `${perSecond(rate.bareBest)} (best of ${Object.keys(rate.bare).length} settings)`,
          perSecond(rate.service),
          `x ${rate.ratio.toFixed(2)}`,
        ],
      ],
    ),
  );
  terminal.out(
    `\nplain convert: ${Object.entries(rate.bare)
      .map(([name, value]) => `${perSecond(value)} with ${name}`)
      .join('; ')}`,
  );
}
