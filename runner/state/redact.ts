/** Takes known secrets out of texts that others have written: error messages of providers, output of the program. */
import { isObject, type Json } from '../../ground/json';
import { isSecret, reveal, SECRET_SHOWN } from './properties';

/** Shorter strings are not looked for: they would be found in any text. */
const SHORTEST = 4;
/** A part of a secret is taken for secret itself from this length on; it keeps host names and the like readable. */
const SHORTEST_PART = 40;

/** Knows the secrets of one run. */
export class Redactor {
  private readonly needles = new Set<string>();
  /** What is also said in clear, such as the name of a bucket that is one of an action's secret settings, too. */
  private readonly open = new Set<string>();
  private sorted: string[] | undefined;

  /** Learns every secret in a value, and what is not one. */
  learn(value: Json | undefined): void {
    if (typeof value === 'string') this.learnOpen(value);
    if (value === undefined || value === null || typeof value !== 'object') return;
    if (isSecret(value)) this.learnClear(reveal(value.value ?? null));
    else for (const part of Object.values(value)) this.learn(part);
  }

  /** Learns that this value, given in clear, is a secret: each string in it. */
  learnClear(value: Json): void {
    if (typeof value === 'number') this.add(String(value));
    else if (Array.isArray(value) || isObject(value)) for (const part of Object.values(value)) this.learnClear(part);
    else if (typeof value === 'string') this.learnString(value);
  }

  /** The text with `[secret]` where a secret was. */
  redact(text: string): string {
    this.sorted ??= [...this.needles].filter((needle) => !this.open.has(needle)).sort((a, b) => b.length - a.length);
    return this.sorted.reduce((rest, needle) => rest.replaceAll(needle, SECRET_SHOWN), text);
  }

  /** A secret is often shown encoded (JSON text, URL, Authorization header) or in part (the key of `UUID:KEY`). */
  private learnString(text: string): void {
    this.add(text);
    this.add(JSON.stringify(text).slice(1, -1));
    this.add(encodeURIComponent(text));
    this.add(Buffer.from(text).toString('base64'));
    for (const part of secretParts(text)) if (part !== text && part.length >= SHORTEST_PART) this.learnString(part);
  }

  private learnOpen(text: string): void {
    if (this.open.has(text)) return;
    this.open.add(text);
    this.sorted = undefined;
  }

  private add(needle: string): void {
    if (needle.length < SHORTEST || this.needles.has(needle)) return;
    this.needles.add(needle);
    this.sorted = undefined;
  }
}

/** The lines of a PEM file, the key of a user and a key, the values of a JSON text; no URLs. */
function secretParts(text: string): string[] {
  const parts = [...text.split('\n'), text.slice(text.indexOf(':') + 1), ...stringsOfJson(text)];
  return parts.map((part) => part.trim()).filter((part) => !part.includes('://'));
}

function stringsOfJson(text: string): string[] {
  if (!text.trimStart().startsWith('{')) return [];
  try {
    const value = JSON.parse(text) as Json;
    return isObject(value) ? Object.values(value).filter((part) => typeof part === 'string') : [];
  } catch {
    return [];
  }
}
