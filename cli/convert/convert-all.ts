/** `pdfmagic convert FILE...` */
import pLimit from 'p-limit';
import { openService } from '../client/service';
import { EXIT, UsageFailure } from '../failure';
import type { Stack } from '../stack/stack';
import type { Terminal } from '../terminal';
import { convertFile, type Manner } from './convert-file';
import { STREAM } from './job';
import { plan } from './plan';
import { Report } from './report';
import { withStdin } from './stdin';

export interface ConvertOptions extends Manner {
  /** Folder of the PDFs; undefined: each beside its JPEG. */
  readonly output: string | undefined;
  /** Folders stand for the JPEGs in them. */
  readonly recursive: boolean;
  /** Files at a time. */
  readonly parallel: number;
  readonly json: boolean;
  /** Only failures are told. */
  readonly quiet: boolean;
  readonly insecure: boolean;
}

/**
 * Converts files, some at a time; a bad one does not keep the others.
 * @param signal Ctrl-C: no new file is begun, those under way are given up, none is left half
 * @returns the exit code
 */
export async function convert(
  files: readonly string[],
  findStack: () => Promise<Stack>,
  options: ConvertOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const planned = plan(files, options.output, options.recursive);
  if (options.json && planned.some(({ target }) => target === STREAM))
    throw new UsageFailure('JSON and a PDF cannot both go to stdout.', 'Name a folder for the PDF: -o FOLDER.');
  const service = openService(await findStack(), options.insecure);
  return withStdin(planned, signal, async (jobs) => {
    const report = new Report(terminal, jobs, options);
    const limit = pLimit(options.parallel);
    report.start();
    const work = jobs.map((job) =>
      limit(async () => {
        if (!signal.aborted) report.add(await convertFile(service, job, options, signal));
      }),
    );
    const ends = await Promise.allSettled(work);
    const isComplete = report.end();
    if (signal.aborted) return EXIT.failed;
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken !== undefined) throw broken.reason;
    return isComplete ? 0 : EXIT.failed;
  });
}
