/** A page for a person who opens an address of the platform: no script, nothing from elsewhere, and a policy that says so. */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

/** Text of a page, escaped. */
export type Markup = ReturnType<typeof html>;

const STYLE = `:root{color-scheme:light dark;--ground:#f6f6f3;--surface:#fff;--line:#e1e1db;--text:#1b1d22;--muted:#5a5e68;--accent:#2a4fb8}
@media(prefers-color-scheme:dark){:root{--ground:#121418;--surface:#1b1e24;--line:#2d313a;--text:#eceef2;--muted:#a9aeba;--accent:#a3bbff}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
main{max-width:46rem;margin-inline:auto;padding:clamp(1.5rem,6vh,4rem) clamp(1rem,4vw,2rem)}
h1{margin:0 0 .5rem;font-size:clamp(1.5rem,1.2rem + 1.6vw,2rem);line-height:1.2;letter-spacing:-.01em}
h2{margin:0;font-size:1.0625rem}
p{margin:.5rem 0 0}
.lead,.of{color:var(--muted)}
section{margin-top:1.25rem;padding:1rem 1.25rem;border:1px solid var(--line);border-radius:1rem;background:var(--surface)}
a{color:var(--accent);overflow-wrap:anywhere}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
code{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.875rem;overflow-wrap:anywhere}
pre{margin:.75rem 0 0;white-space:pre-wrap}`;

const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['Content-Type', 'text/html; charset=UTF-8'],
  [
    'Content-Security-Policy',
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  ],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cache-Control', 'no-store'],
  ['Vary', 'Accept'],
];

/** The answer with a page. */
export async function makePage(
  title: string,
  body: Markup,
): Promise<{ readonly status: 200; readonly headers: typeof HEADERS; readonly body: string }> {
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title><link rel="icon" href="data:,"><style>${raw(STYLE)}</style></head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>
`;
  return { status: 200, headers: HEADERS, body: `${await page}` };
}
