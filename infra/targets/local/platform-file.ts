/**
 * `platform.json` in the data folder of the platform on this machine: where it can be reached and what it offers.
 * The platform writes it at every start; the stack with target `local` reads it. It holds no secret: the key is in the
 * `.wskprops` file beside it, in the form `wsk` reads (https://github.com/apache/openwhisk-cli, "Configure").
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { quoteWord } from '../../../contract/shell-setup';
import { hasCode } from '../../../ground/errors';

const platformFile = z.object({
  /** URL of OpenWhisk's API host, e.g. `http://127.0.0.1:3233`. */
  apihost: z.url(),
  namespace: z.string(),
  /** Process id of the platform that wrote this file. */
  pid: z.int().positive(),
  /** URL of the Cloud Storage emulator, and of the token endpoint that its service-account keys name. */
  storageEndpoint: z.url(),
  tokenUri: z.url(),
  /** URL of the feed that fires a trigger for each new file. */
  feedUrl: z.url(),
  /** Name of the runtime image with ImageMagick, for blackbox actions. */
  image: z.string(),
  /** The Python interpreter that actions run on: a command or an absolute path. Absent when it is inside of the image. */
  python: z.string().optional(),
  /** What the image of Cloud Run's services is built on. Absent when they are processes. */
  cloudRunBaseImage: z.string().optional(),
});

/** The content of `platform.json`. */
export type PlatformFile = z.infer<typeof platformFile>;

/** The data folder, unless another is named. */
export const DATA_DIR = '.pdfmagic';
export const PLATFORM_FILE = 'platform.json';
export const WSKPROPS_FILE = '.wskprops';
/** Holds the key alone; a `.wskprops` beside it is that of a platform. */
export const KEY_FILE = 'key';

/** The command that starts the platform of a data folder. */
export function writeStart(dataDir: string): string {
  const folder = path.resolve(dataDir);
  return `npm run platform${folder === path.resolve(DATA_DIR) ? '' : ` -- --data ${quote(folder)}`}`;
}

/** The sentence for people that says how the platform of a data folder is started. */
export function describeStart(dataDir: string): string {
  return `Start it in another terminal (\`${writeStart(dataDir)}\`), then run this again.`;
}

function quote(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : quoteWord(text);
}

/** Reads `platform.json`; undefined when there is none, or half of one: the platform writes it anew at every start. */
export function readPlatformFile(dataDir: string): PlatformFile | undefined {
  const text = readIfPresent(path.join(dataDir, PLATFORM_FILE));
  if (text === undefined) return undefined;
  try {
    return platformFile.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The properties of the `.wskprops` file in a folder; undefined when there is none. */
export function readWskprops(dataDir: string): Map<string, string> | undefined {
  return readProperties(path.join(dataDir, WSKPROPS_FILE));
}

/** The properties of a file in the form of `.wskprops` (KEY=VALUE lines, # comments); undefined when there is none. */
export function readProperties(file: string): Map<string, string> | undefined {
  const text = readIfPresent(file);
  if (text === undefined) return undefined;
  const lines = text.split('\n').map((line) => /^\s*([A-Z_]+)\s*=\s*(.*?)\s*$/.exec(line));
  return new Map(lines.flatMap((match) => (match?.[1] ? [[match[1], match[2] ?? '']] : [])));
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
}
