/**
 * The web page: its script and style in it, and their SHA-256 in its Content Security Policy. What the deployer says of it
 * (`{{large}}` and the like) is put in where it is served: by the action `page` on OpenWhisk, by the container on Cloud Run.
 * The same sources give the same text.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { messageOf } from '../../ground/errors';
import type { PackagedAction } from './built';
import { PackagingError } from './errors';
import { buildNodejsAction, packageNodejsAction } from './nodejs';

/** Browsers of 2023 and later; older ones get what they can make of it. */
const BROWSERS = ['chrome113', 'firefox121', 'safari16.4'];

/** The page as whoever serves it needs it. */
export interface BuiltPage {
  readonly html: string;
  /** Those of actions/page/headers.json. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Builds the action out of the page's folder (actions/page): a source file of its own content's name.
 * @throws PackagingError naming what is wrong with the sources
 */
export async function packagePage(sources: string, buildDir: string): Promise<PackagedAction> {
  return packageNodejsAction('page', sources, buildDir, () => buildPageAction(sources));
}

/** The source text of the action. @throws PackagingError as `packagePage` */
export async function buildPageAction(folder: string): Promise<string> {
  return buildNodejsAction(path.join(folder, 'index.js'), { BUILT: JSON.stringify(await buildPage(folder)) });
}

/** The page out of its folder. @throws PackagingError as `packagePage` */
export async function buildPage(folder: string): Promise<BuiltPage> {
  const [html, headers, script, style] = await Promise.all([
    readFile(path.join(folder, 'page.html'), 'utf8'),
    readFile(path.join(folder, 'headers.json'), 'utf8'),
    bundle(path.join(folder, 'src', 'main.ts'), { format: 'iife' }),
    bundle(path.join(folder, 'page.css')),
  ]);
  const hashed = headers.replace('{{styleHash}}', hash(style)).replace('{{scriptHash}}', hash(script));
  return {
    html: insertInto(insertInto(html, '/* {{style}} */', style), '/* {{script}} */', script),
    headers: JSON.parse(hashed) as BuiltPage['headers'],
  };
}

async function bundle(entry: string, options: BuildOptions = {}): Promise<string> {
  try {
    const { outputFiles = [] } = await build({
      ...options,
      entryPoints: [entry],
      bundle: true,
      minify: true,
      write: false,
      target: BROWSERS,
      loader: { '.jpg': 'binary' },
      charset: 'utf8',
      logLevel: 'silent',
    });
    // A line break at the end would be one of the hashed bytes, too: better none.
    return (outputFiles[0]?.text ?? '').trimEnd();
  } catch (error) {
    throw new PackagingError(`The page cannot be built: ${messageOf(error)}`);
  }
}

/** Puts a script or style between its tags, which must not end earlier. */
function insertInto(html: string, mark: string, text: string): string {
  if (html.split(mark).length !== 2) throw new PackagingError(`page.html must contain ${mark} exactly once.`);
  if (/<\/(?:script|style)|<!--/i.test(text))
    throw new PackagingError(`${mark} would end too early: it contains </script or </style or <!--`);
  return html.replace(mark, () => text);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
