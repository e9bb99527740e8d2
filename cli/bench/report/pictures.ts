/** The pictures of docs/performance.md, each of the figures of one measurement. */
import type { Measured, Report, Row } from '../figures';
import { OURS } from '../measurement';
import { WITH_ACTIVATIONS } from '../measurements/growth';
import { AFTER } from '../measurements/memory';
import { type Bar, drawBars } from './bars';
import { drawLines, type Line } from './lines';

/** A picture in a file. */
export interface Picture {
  /** Below the folder of pictures. */
  readonly file: string;
  /** The measurement that it belongs to. */
  readonly of: string;
  readonly title: string;
  readonly svg: string;
}

/** Draws all that there are figures for. */
export function drawPictures(report: Report): Picture[] {
  const rowsOf = (name: string): readonly Row[] => report.measurements.find((each) => each.name === name)?.rows ?? [];
  const pictures: Picture[] = [];
  const add = (of: string, file: string, title: string, draw: () => string | undefined): void => {
    const svg = draw();
    if (svg !== undefined) pictures.push({ of, file: `bench-${file}.svg`, title, svg });
  };
  const [first] = photosOf(rowsOf('latency'));
  if (first !== undefined) {
    const title = `One warm conversion, ${first}: median`;
    add('latency', 'latency', title, () => barsOf(title, conversionBars(rowsOf('latency'), first)));
  }
  const [small] = photosOf(rowsOf('rate'));
  for (const [ending, file, words] of [
    ['', 'rate', 'default quality'],
    [', quality=original', 'rate-original', 'quality=original'],
  ] as const) {
    const title = `Warm conversions a second, ${small}, ${words}`;
    add('rate', file, title, () =>
      linesOf(title, '/s', 'at a time', conversionLines(rowsOf('rate'), small ?? '', ending)),
    );
  }
  const trivial = 'Trivial actions a second';
  add('actions', 'actions', trivial, () => linesOf(trivial, '/s', 'at a time', everyLine(rowsOf('actions'))));
  const cold = 'Cold starts, and what they are made of: medians';
  add('cold', 'cold', cold, () => barsOf(cold, coldBars(rowsOf('cold'))));
  const memory = 'Private memory after invocations';
  add('memory', 'memory', memory, () =>
    linesOf(memory, 'MB', 'invocations', everyLine(rowsOf('memory').filter(({ what }) => what === AFTER))),
  );
  const growth = 'A warm trivial action by the activations that are kept';
  add('growth', 'growth', growth, () =>
    linesOf(growth, 'ms', 'activations', everyLine(rowsOf('growth').filter(({ what }) => what === WITH_ACTIVATIONS))),
  );
  return pictures;
}

const isMeasured = (side: Row['sides'][number]): side is Measured => 'median' in side;

/** In the order of their size, as they were measured. */
function photosOf(rows: readonly Row[]): string[] {
  return [...new Set(rows.map(({ what }) => what.split(', ')[1] ?? ''))].filter(Boolean);
}

function barsOf(title: string, bars: readonly Bar[]): string | undefined {
  return bars.length === 0 ? undefined : drawBars(title, 'ms', bars);
}

function linesOf(title: string, unit: string, across: string, lines: readonly Line[]): string | undefined {
  return lines.length === 0 ? undefined : drawLines(title, unit, across, lines);
}

/** Each way once, and each bare tool once. */
function conversionBars(rows: readonly Row[], photo: string): Bar[] {
  const bars = new Map<string, Bar>();
  for (const { what, sides } of rows.filter((row) => row.what.split(', ')[1] === photo)) {
    for (const side of sides.filter(isMeasured)) {
      const isWay = side.who === OURS;
      const label = isWay ? what.replace(`, ${photo}`, '') : side.who;
      bars.set(label, {
        label,
        parts: [{ name: isWay ? OURS : 'by itself', value: side.median }],
        spread: side,
      });
    }
  }
  const all = [...bars.values()];
  const isOurs = ({ parts }: Bar): boolean => parts[0]?.name === OURS;
  return [...all.filter((bar) => !isOurs(bar)), ...all.filter(isOurs)];
}

function conversionLines(rows: readonly Row[], photo: string, ending: string): Line[] {
  const ways = rows.filter(
    ({ what }) => what.split(', ')[1] === photo && what === `${what.split(',')[0]}, ${photo}${ending}`,
  );
  const lines = new Map<string, Line>();
  for (const { what, at = 0, sides } of ways) {
    for (const side of sides.filter(isMeasured)) {
      const label = side.who === OURS ? (what.split(',')[0] ?? what) : side.who;
      const points = (lines.get(label)?.points ?? []).filter((point) => point.at !== at);
      lines.set(label, { label, points: [...points, pointOf(at, side)] });
    }
  }
  return [...lines.values()];
}

function everyLine(rows: readonly Row[]): Line[] {
  const varied = rows.filter(({ at }) => at !== undefined);
  const whats = new Set(varied.map(({ what }) => what));
  const lines = new Map<string, Line>();
  for (const { what, at = 0, sides } of varied) {
    for (const side of sides.filter(isMeasured)) {
      const label = whats.size === 1 ? side.who : side.who === OURS ? what : undefined;
      if (label !== undefined)
        lines.set(label, { label, points: [...(lines.get(label)?.points ?? []), pointOf(at, side)] });
    }
  }
  return [...lines.values()];
}

function pointOf(at: number, { median: value, low, high }: Measured) {
  return { at, value, low, high };
}

/** Of each action, its parts. */
function coldBars(rows: readonly Row[]): Bar[] {
  const whole = rows.filter(({ what }) => !what.includes(': '));
  return whole.map(({ what }) => {
    const parts = rows.flatMap((row) => {
      const side = row.sides.filter(isMeasured).find(({ who }) => who === OURS);
      return row.what.startsWith(`${what}: `) && side
        ? [{ name: row.what.slice(what.length + 2), value: side.median }]
        : [];
    });
    return { label: what, parts };
  });
}
