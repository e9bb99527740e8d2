/** From the files of the command line to one PDF: each is a page, in the order given. */
import path from 'node:path';
import { ALBUM_PHOTOGRAPHS } from '../../contract/options';
import { UsageFailure } from '../failure';
import { type Found, findJpegs } from './find-jpegs';
import { PLACE, STREAM } from './job';
import { requireReader } from './plan';

/** What goes into an album, and where it goes. */
export interface AlbumPlan {
  /** A file that is given twice is there twice. */
  readonly files: readonly Found[];
  /** The PDF; `-` is stdout. */
  readonly target: string;
}

/**
 * @param recursive whether folders stand for the JPEGs in them
 * @throws UsageFailure when it cannot be one PDF
 */
export function planAlbum(named: readonly string[], target: string, recursive: boolean): AlbumPlan {
  if (named.includes(STREAM)) throw new UsageFailure('--into does not read stdin.', 'Save the JPEG to a file first.');
  if (target === STREAM) requireReader(PLACE.all);
  else if (!/[^/]\.pdf$/i.test(target))
    throw new UsageFailure(`--into names a PDF, and '${target}' does not end in .pdf.`, 'Name one: --into album.pdf.');
  const files = findJpegs(named, recursive);
  if (files.length > ALBUM_PHOTOGRAPHS)
    throw new UsageFailure(
      `These are ${files.length} photographs; one PDF has at most ${ALBUM_PHOTOGRAPHS}.`,
      'Make several PDFs.',
    );
  return { files, target };
}

/** The name of its PDF in the bucket, which is its title. */
export function nameOf(target: string): string {
  return target === STREAM ? 'album.pdf' : path.basename(target).replace(/\.pdf$/i, '.pdf');
}
