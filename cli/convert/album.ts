/** `pdfmagic convert FILE... --into ALBUM.pdf`: one PDF of several photographs, by v2 and the buckets. */
import pLimit from 'p-limit';
import { type Album, BadPhotograph, makeAlbum } from '../client/album';
import { within } from '../client/convert';
import { Parts } from '../client/parts';
import type { Service } from '../client/service';
import { EXIT } from '../failure';
import type { Terminal } from '../terminal';
import { AlbumReport } from './album-report';
import { describeError } from './convert-file';
import type { ConvertOptions } from './convert-options';
import { checkJpeg, checkTarget, isMade, savePdf } from './files';
import { PLACE } from './job';
import { type AlbumPlan, nameOf } from './plan-album';

/** Milliseconds for removing what is in the buckets: after Ctrl-C, and else. */
const REMOVAL = { hurried: 10_000, patient: 60_000 };

/** A photograph that can go into the album. */
interface Page {
  readonly file: string;
  /** Its place in the plan. */
  readonly at: number;
}

/**
 * Makes the album, and removes what it needed in the buckets.
 * @param signal Ctrl-C: no PDF is left half
 * @returns the exit code: 0 only if all photographs are in it
 */
export async function convertAlbum(
  service: Service,
  plan: AlbumPlan,
  options: ConvertOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const report = new AlbumReport(terminal, plan, options);
  try {
    if (options.skipExisting && isMade(plan.target)) report.skip();
    else await make(service, plan, options, report, signal);
  } catch (error) {
    if (!signal.aborted) report.fail(describeError(error));
  }
  return report.end(signal.aborted) ? 0 : EXIT.failed;
}

async function make(
  service: Service,
  { files, target }: AlbumPlan,
  options: ConvertOptions,
  report: AlbumReport,
  signal: AbortSignal,
): Promise<void> {
  checkTarget(target, options.force, PLACE.all);
  const pages = files.flatMap(({ file, failure }, at): Page[] => {
    try {
      checkJpeg({ file, ...(failure && { failure }) });
      return [{ file, at }];
    } catch (error) {
      report.refuse(at, describeError(error));
      return [];
    }
  });
  if (pages.length === 0 || (pages.length < files.length && options.onError === 'refuse')) return;
  const parts = new Parts(service, nameOf(target));
  try {
    const places = await upload(parts, pages, options.parallel, report, signal);
    report.show(`Making one PDF of ${pages.length}`);
    const { asked, onError } = options;
    const request = { names: [...places.keys()], into: parts.into, asked, onError };
    parts.isMade = true;
    const album = await within(options.timeout, signal, (limit) => makeAlbum(service, request, limit));
    report.show('Downloading the PDF');
    await savePdf(target, options.force, (file) => service.outBucket.download(parts.into, file, album.size, signal));
    tellOf(album, places, report);
  } catch (error) {
    const at = error instanceof BadPhotograph ? parts.numberOf(error.photograph) : undefined;
    if (at === undefined) throw error;
    report.refuse(at, describeError(error));
  } finally {
    report.show('Removing the photographs from the bucket');
    report.leave(await parts.remove(signal.aborted ? REMOVAL.hurried : REMOVAL.patient));
  }
}

/** Some at a time; when one cannot be uploaded, the others are given up. @returns places in the plan by names, in order */
async function upload(
  parts: Parts,
  pages: readonly Page[],
  parallel: number,
  report: AlbumReport,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const stop = new AbortController();
  const until = AbortSignal.any([signal, stop.signal]);
  const limit = pLimit(parallel);
  const uploads = pages.map(({ file, at }) =>
    limit(async (): Promise<[string, number]> => {
      until.throwIfAborted();
      const name = await parts.upload(file, at, until).catch((error: unknown) => {
        // At once: else the next one would begin.
        stop.abort(error);
        throw error;
      });
      report.upload(pages.length);
      return [name, at];
    }),
  );
  return new Map(await Promise.all(uploads));
}

function tellOf(
  { pages, activation, leftOut = [], reencoded = [] }: Album,
  places: ReadonlyMap<string, number>,
  report: AlbumReport,
): void {
  for (const { name, error, code } of leftOut) {
    const at = places.get(name);
    if (at !== undefined) report.refuse(at, { error, code });
  }
  for (const { name, reason } of reencoded) {
    const at = places.get(name);
    if (at !== undefined) report.encodeAgain(at, reason);
  }
  report.succeed({ ...(pages !== undefined && { pages }), ...(activation !== undefined && { activation }) });
}
