/** What all pictures share: an SVG of its own, with a title for those who cannot see it, and colours for light and dark pages. */

/** A place in the picture, and what is there. */
export type Element = string;

/** Okabe and Ito's colours (https://jfly.uni-koeln.de/color/), which nearly everyone can tell apart; lighter on a dark page. */
const LIGHT = ['#0072b2', '#d55e00', '#007a5a', '#a8508a', '#5a5a5a', '#8a6d00'];
const DARK = ['#56b4e9', '#ff9a4d', '#2fd0a5', '#e59ac8', '#b0b0b0', '#f0e442'];

/** As many colours as there are; further ones come again. */
export const COLOURS = LIGHT.length;

/** A whole picture. @param description what it shows, in a sentence, with the figures that matter */
export function writeSvg(
  size: { readonly width: number; readonly height: number },
  title: string,
  description: string,
  elements: readonly Element[],
): string {
  const { width, height } = size;
  const rules = (colours: readonly string[]): string =>
    colours.map((colour, index) => `.c${index}{fill:${colour};stroke:${colour}}`).join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${escapeText(title)}</title>
<desc id="description">${escapeText(description)}</desc>
<style>
text{font:12px system-ui,sans-serif;fill:#1f2328;stroke:none}.head{font-weight:600;font-size:14px}.note{fill:#59636e}
.back{fill:#fff}.grid{stroke:#d1d9e0}.whisker{stroke:#1f2328}.line{fill:none;stroke-width:2}${rules(LIGHT)}
@media(prefers-color-scheme:dark){text{fill:#f0f6fc}.note{fill:#9198a1}.back{fill:#0d1117}.grid{stroke:#3d444d}.whisker{stroke:#f0f6fc}${rules(DARK)}}
.line{fill:none}text{stroke:none}
</style>
<rect class="back" width="${width}" height="${height}" rx="6"/>
${elements.join('\n')}
</svg>
`;
}

/** Text at a place. @param anchor which of its ends is there */
export function writeText(
  x: number,
  y: number,
  text: string,
  anchor: 'start' | 'middle' | 'end' = 'start',
  name = '',
): Element {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}"${name && ` class="${name}"`}>${escapeText(text)}</text>`;
}

/** A straight line. */
export function writeLine(x1: number, y1: number, x2: number, y2: number, name: string): Element {
  return `<line x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}" class="${name}"/>`;
}

/** A tenth of a pixel is enough, and keeps the file small. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Some five round numbers from zero to at least `most`. */
export function chooseTicks(most: number): number[] {
  if (!(most > 0)) return [0, 1];
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 2.5, 5, 10].find((each) => each * power >= rough) ?? 10);
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('`', '');
}
