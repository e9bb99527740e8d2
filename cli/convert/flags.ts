/** What `convert` may ask of a conversion, and what each value must be: refused before anything is sent. Light: `--help` loads it. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type ConversionOptions,
  MARGIN,
  ON_ERROR,
  ORIGINAL,
  PAGE_POINTS,
  PAGES,
  QUALITY,
} from '../../contract/options';
import { UsageFailure } from '../failure';

/** On the command line, in place of `quality` left out. */
const DEFAULT = 'default';
/** Millimetres of a page's sides. */
const SIDE = { least: (PAGE_POINTS.least * 25.4) / 72, most: (PAGE_POINTS.most * 25.4) / 72 };
/** Millimetres of the sheets that have a name: the shorter side. */
const SHORTER_SIDE: Readonly<Record<string, number>> = { a4: 210, letter: 215.9 };

/** As commander gives them. */
export interface ConversionFlags {
  readonly quality: ConversionOptions['quality'] | typeof DEFAULT;
  readonly page?: NonNullable<ConversionOptions['page']>;
  readonly margin?: number;
}

/** Declares `--quality`, `--page` and `--margin`. */
export function addConversion(command: Command): Command {
  const { least, most } = QUALITY;
  return command
    .addOption(
      new Option(
        '--quality <value>',
        `${ORIGINAL}: the JPEG as it is; ${least} to ${most}: encoded again; ${DEFAULT}: encoded again in the JPEG’s own quality`,
      )
        .argParser(parseQuality)
        .default(ORIGINAL),
    )
    .addOption(
      new Option('--page <size>', `${[...PAGES, 'WxHmm'].join(', ')} (default: ${PAGES[0]})`).argParser(parsePage),
    )
    .addOption(
      new Option('--margin <mm>', `on all sides, ${MARGIN.least} to ${MARGIN.most} (default: 0)`).argParser(
        parseMargin,
      ),
    );
}

/** Declares `--into` and `--on-error`. */
export function addAlbum(command: Command): Command {
  return command
    .addOption(
      new Option('--into <pdf>', 'combine all into one PDF, in the order given; - is stdout').conflicts('output'),
    )
    .addOption(
      new Option(
        '--on-error <choice>',
        'with --into: what to do if a file cannot be converted (default: refuse)',
      ).choices(ON_ERROR),
    );
}

/** What is sent. @throws UsageFailure when the margin leaves no room on the page */
export function readConversion({ quality, page, margin }: ConversionFlags): ConversionOptions {
  const shorter = page === undefined ? undefined : (SHORTER_SIDE[page] ?? shorterSideOf(page));
  if (shorter !== undefined && margin !== undefined && 2 * margin > shorter - SIDE.least)
    throw new UsageFailure(
      `A margin of ${margin} mm leaves no room for the picture on a page whose shorter side is ${shorter} mm.`,
      'Choose a smaller --margin, or a larger --page.',
    );
  return {
    ...(quality !== undefined && quality !== DEFAULT && { quality }),
    ...(page !== undefined && { page }),
    ...(margin !== undefined && { margin }),
  };
}

function parseQuality(text: string): ConversionFlags['quality'] {
  const { least, most } = QUALITY;
  if (text === ORIGINAL || text === DEFAULT) return text;
  const quality = Number(text);
  if (/^\d+$/.test(text) && quality >= least && quality <= most) return quality;
  throw new InvalidArgumentError(`It must be ${ORIGINAL}, ${DEFAULT}, or a whole number from ${least} to ${most}.`);
}

function parsePage(text: string): ConversionFlags['page'] {
  const page = PAGES.find((name) => name === text);
  if (page !== undefined) return page;
  const [, width = '', height = ''] = /^(\d{1,4}(?:\.\d{1,3})?)x(\d{1,4}(?:\.\d{1,3})?)mm$/.exec(text) ?? [];
  const fits = [width, height].every((side) => side !== '' && +side >= SIDE.least && +side <= SIDE.most);
  if (fits) return `${Number(width)}x${Number(height)}mm`;
  throw new InvalidArgumentError(
    `It must be ${PAGES.join(', ')} or WIDTHxHEIGHTmm, such as 100x150mm, with sides from ${Math.ceil(SIDE.least * 10) / 10} to ${SIDE.most} mm.`,
  );
}

function parseMargin(text: string): number {
  const margin = Number(text);
  if (/^\d{1,3}(\.\d{1,3})?$/.test(text) && margin >= MARGIN.least && margin <= MARGIN.most) return margin;
  throw new InvalidArgumentError(`It must be a number of millimetres from ${MARGIN.least} to ${MARGIN.most}.`);
}

function shorterSideOf(page: string): number | undefined {
  const sides = page.match(/[\d.]+/g);
  return sides === null ? undefined : Math.min(...sides.map(Number));
}
