/** A picture of lines over numbers that double or grow tenfold: each number gets the same room. */

import { COLOURS, chooseTicks, type Element, round, writeLine, writeSvg, writeText } from './svg';
import { formatNumber } from './table';

/** One line. */
export interface Line {
  readonly label: string;
  /** By number, ascending. */
  readonly points: readonly {
    readonly at: number;
    readonly value: number;
    readonly low: number;
    readonly high: number;
  }[];
}

const WIDTH = 720;
const HEIGHT = 320;
const LEFT = 56;
const RIGHT = 190;
const TOP = 44;
const BOTTOM = 46;
/** Pixels between two labels at the ends of lines. */
const APART = 15;

/** Draws them, each with its label at its end and the quartiles as thin lines. @param across what the numbers count */
export function drawLines(title: string, unit: string, across: string, lines: readonly Line[]): string {
  const numbers = [...new Set(lines.flatMap(({ points }) => points.map(({ at }) => at)))].sort((a, b) => a - b);
  const ticks = chooseTicks(Math.max(...lines.flatMap(({ points }) => points.map(({ high }) => high))));
  const x = (at: number): number =>
    LEFT + 14 + (numbers.indexOf(at) / Math.max(1, numbers.length - 1)) * (WIDTH - LEFT - RIGHT - 28);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / (ticks.at(-1) ?? 1)) * (HEIGHT - TOP - BOTTOM);
  const elements: Element[] = [
    writeText(16, 24, title, 'start', 'head'),
    ...ticks.flatMap((tick) => [
      writeLine(LEFT, y(tick), WIDTH - RIGHT, y(tick), 'grid'),
      writeText(LEFT - 6, y(tick) + 4, String(tick), 'end', 'note'),
    ]),
    writeText(LEFT - 6, TOP - 8, unit, 'end', 'note'),
    ...numbers.map((at) => writeText(x(at), HEIGHT - BOTTOM + 18, at.toLocaleString('en-US'), 'middle', 'note')),
    writeText((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, across, 'middle', 'note'),
    ...lines.flatMap((line, index) => drawLine(line, index, x, y)),
    ...writeLabels(lines, x, y),
  ];
  const said = lines.map(
    ({ label, points }) => `${label}: ${points.map(({ at, value }) => `${formatNumber(value)} at ${at}`).join(', ')}`,
  );
  return writeSvg({ width: WIDTH, height: HEIGHT }, title, `In ${unit}, by ${across}. ${said.join('; ')}.`, elements);
}

function drawLine({ points }: Line, index: number, x: (at: number) => number, y: (value: number) => number): Element[] {
  const name = `c${index % COLOURS}`;
  // Not by colour alone.
  const dashes = ['', '6 3', '2 3', '8 3 2 3', '12 4', '4 4'][index % COLOURS];
  const path = points
    .map(({ at, value }, place) => `${place === 0 ? 'M' : 'L'}${round(x(at))} ${round(y(value))}`)
    .join('');
  return [
    `<path d="${path}" class="${name} line"${dashes && ` stroke-dasharray="${dashes}"`}/>`,
    ...points.flatMap(({ at, value, low, high }) => [
      writeLine(x(at), y(low), x(at), y(high), name),
      `<circle cx="${round(x(at))}" cy="${round(y(value))}" r="3" class="${name}"/>`,
    ]),
  ];
}

/** At the ends of the lines, moved apart where they would be over each other. */
function writeLabels(lines: readonly Line[], x: (at: number) => number, y: (value: number) => number): Element[] {
  const ends = lines
    .flatMap(({ label, points }, index) => {
      const last = points.at(-1);
      return last === undefined ? [] : [{ label, index, at: last.at, y: y(last.value) }];
    })
    .sort((a, b) => a.y - b.y);
  let lowest = Number.NEGATIVE_INFINITY;
  return ends.flatMap((end) => {
    const place = Math.max(end.y, lowest + APART);
    lowest = place;
    const from = WIDTH - RIGHT + 6;
    return [
      writeLine(x(end.at) + 4, end.y, from + 10, place, `c${end.index % COLOURS}`),
      writeText(from + 14, place + 4, end.label),
    ];
  });
}
