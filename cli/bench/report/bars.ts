/** A picture of horizontal bars, each of one part or of several. */

import { COLOURS, chooseTicks, type Element, round, writeLine, writeSvg, writeText } from './svg';
import { formatNumber } from './table';

/** One bar. */
export interface Bar {
  readonly label: string;
  /** From the left to the right; the colour is by the name. */
  readonly parts: readonly { readonly name: string; readonly value: number }[];
  /** The middle half of the runs, as a thin line; undefined for none. */
  readonly spread?: { readonly low: number; readonly high: number };
}

const WIDTH = 720;
const LABELS = 200;
const RIGHT = 70;
const TOP = 62;
const STEP = 26;
const THICK = 16;

/** Draws them from the top, with a legend of the parts. */
export function drawBars(title: string, unit: string, bars: readonly Bar[]): string {
  const names = [...new Set(bars.flatMap(({ parts }) => parts.map(({ name }) => name)))];
  const total = ({ parts }: Bar): number => parts.reduce((sum, { value }) => sum + value, 0);
  const ticks = chooseTicks(Math.max(...bars.map((bar) => Math.max(total(bar), bar.spread?.high ?? 0))));
  const x = (value: number): number => LABELS + (value / (ticks.at(-1) ?? 1)) * (WIDTH - LABELS - RIGHT);
  const bottom = TOP + bars.length * STEP;
  const elements: Element[] = [
    writeText(16, 24, title, 'start', 'head'),
    ...writeLegend(names),
    ...ticks.flatMap((tick) => [
      writeLine(x(tick), TOP - 4, x(tick), bottom, 'grid'),
      writeText(x(tick), bottom + 16, String(tick), 'middle', 'note'),
    ]),
    writeText(WIDTH - 12, bottom + 16, unit, 'end', 'note'),
    ...bars.flatMap((bar, index) => drawBar(bar, TOP + index * STEP, names, x, total(bar))),
  ];
  const said = bars.map((bar) => `${bar.label}: ${formatNumber(total(bar))}`).join('; ');
  return writeSvg({ width: WIDTH, height: bottom + 28 }, title, `In ${unit}: ${said}.`, elements);
}

function drawBar(
  { label, parts, spread }: Bar,
  y: number,
  names: readonly string[],
  x: (value: number) => number,
  total: number,
) {
  const elements: Element[] = [writeText(LABELS - 8, y + 13, label, 'end')];
  let from = 0;
  for (const { name, value } of parts) {
    const width = round(x(from + value) - x(from));
    elements.push(
      `<rect x="${round(x(from))}" y="${y}" width="${width}" height="${THICK}" class="c${names.indexOf(name) % COLOURS}"/>`,
    );
    from += value;
  }
  const end = Math.max(total, spread?.high ?? 0);
  if (spread !== undefined)
    elements.push(writeLine(x(spread.low), y + THICK / 2, x(spread.high), y + THICK / 2, 'whisker'));
  elements.push(writeText(x(end) + 6, y + 13, formatNumber(total)));
  return elements;
}

function writeLegend(names: readonly string[]): Element[] {
  let at = 16;
  return names.flatMap((name, index) => {
    const from = at;
    at += 28 + name.length * 6.6;
    return [
      `<rect x="${round(from)}" y="36" width="12" height="12" class="c${index % COLOURS}"/>`,
      writeText(from + 17, 46, name),
    ];
  });
}
