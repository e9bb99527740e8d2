/**
 * The recording at the head of the README: `npm run docs:recording` runs `npm start -- --once` in a pseudo-terminal (util-linux's
 * `script`) and writes what it prints, and when, as an animated SVG. Longer waits are cut to MAX_WAIT seconds.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const TARGET = path.join(ROOT, 'docs', 'pictures', 'start.svg');
const MAX_WAIT = 1.2;
const [COLUMNS, ROWS, LINE] = [100, 26, 18];

/** A line of the terminal, and the second in which it is complete. */
interface Line {
  readonly text: string;
  readonly at: number;
}

/** What a line shows in the end, with the project in the home folder instead of wherever it is on this machine. */
function cleanLine(printed: string): string {
  return stripVTControlCharacters(printed.split('\r').pop() ?? '').replaceAll(ROOT, '~/pdfmagic');
}

/** Runs the command in a pseudo-terminal. A line that is written over (by a carriage return) counts as it is in the end. */
async function record(command: string): Promise<Line[]> {
  const env = { ...process.env, TERM: 'xterm', LC_ALL: 'C.UTF-8' };
  const shell = `stty cols ${COLUMNS} rows ${ROWS}; ${command}`;
  const child = spawn('script', ['-qefc', shell, '/dev/null'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Line[] = [{ text: `$ ${command}`, at: 0 }];
  let [rest, at, last] = ['', 0.5, Date.now()];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    at += Math.min((Date.now() - last) / 1000, MAX_WAIT);
    last = Date.now();
    const parts = (rest + chunk).split(/\r*\n/);
    rest = parts.pop() ?? '';
    for (const part of parts) lines.push({ text: cleanLine(part), at });
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${lines.map(({ text }) => text).join('\n')}`);
  return lines.filter(({ text }) => !text.startsWith('> '));
}

const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Where the terminal stands at each moment, as keyframes: it scrolls by a line when it is full. */
function drawScrolling(lines: readonly Line[], end: number): string {
  // Lines of the same moment are one step.
  const places = new Map<string, number>();
  for (const [over, { at }] of lines.slice(ROWS).entries())
    places.set(((at / end) * 100).toFixed(2), (over + 1) * LINE);
  const steps = [...places].map(([percent, up]) => `${percent}% { transform: translateY(-${up}px) }`);
  const last = Math.max(0, lines.length - ROWS) * LINE;
  return `@keyframes scroll { 0% { transform: none } ${steps.join(' ')} 100% { transform: translateY(-${last}px) } }`;
}

/** The recording as an SVG that plays once and then stands still at its end. */
export function drawRecording(lines: readonly Line[]): string {
  const end = (lines.at(-1)?.at ?? 0) + 1;
  const [width, height] = [COLUMNS * 8.4 + 24, ROWS * LINE + 24];
  const texts = lines.map(({ text, at }, row) => {
    const delay = `style="--at:${at.toFixed(2)}s"`;
    return `<text x="12" y="${row * LINE + 28}" xml:space="preserve" ${delay}>${escapeText(text.slice(0, COLUMNS + 20))}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<title>npm start, recorded</title>
<style>
text { font: 14px ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace; fill: #e6edf3; opacity: 0; animation: show 1ms var(--at) forwards }
.lines { animation: scroll ${end.toFixed(2)}s step-end forwards }
@keyframes show { to { opacity: 1 } }
${drawScrolling(lines, end)}
@media (prefers-reduced-motion: reduce) { text, .lines { animation-duration: 1ms; animation-delay: 0s } }
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<clipPath id="screen"><rect y="12" width="${width}" height="${height - 24}"/></clipPath>
<g clip-path="url(#screen)"><g class="lines">
${texts.join('\n')}
</g></g>
</svg>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const options = process.argv.slice(2).map((option) => ` ${option}`);
  writeFileSync(TARGET, drawRecording(await record(`npm start -- --once${options.join('')}`)));
}
