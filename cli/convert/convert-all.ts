/** `pdfmagic convert FILE...` */
import pLimit from 'p-limit';
import { openService } from '../client/service';
import { EXIT, UsageFailure } from '../failure';
import type { Stack } from '../stack/stack';
import type { Terminal } from '../terminal';
import { convertAlbum } from './album';
import { convertFile } from './convert-file';
import type { ConvertOptions } from './convert-options';
import { PLACE, type PlaceOption, STREAM } from './job';
import { plan } from './plan';
import { planAlbum } from './plan-album';
import { Report } from './report';
import { withStdin } from './stdin';

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
  if (options.into !== undefined) {
    const album = planAlbum(files, options.into, options.recursive);
    refuseBoth(options.json, [album], PLACE.all);
    return convertAlbum(openService(await findStack(), options.insecure), album, options, terminal, signal);
  }
  const planned = plan(files, options.output, options.recursive);
  refuseBoth(options.json, planned, PLACE.each);
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

function refuseBoth(json: boolean, planned: readonly { readonly target: string }[], option: PlaceOption): void {
  if (json && planned.some(({ target }) => target === STREAM))
    throw new UsageFailure('JSON and a PDF cannot both go to stdout.', `Choose a place for the PDF: ${option}.`);
}
