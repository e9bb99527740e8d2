/** The form of a recorded case. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Json } from '../../ground/json';

export interface RecordedRequest {
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  /** `null` removes a header. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** `default`, `none`, `bad` (unknown user), `wrongkey`, or `user:password`. */
  readonly auth?: string;
  readonly body?: Json;
  readonly bodyText?: string;
  readonly bodyBase64?: string;
  readonly bodyFill?: {
    readonly before?: string;
    readonly fill: string;
    readonly count: number;
    readonly after?: string;
  };
}

export interface Poll {
  readonly status?: number;
  readonly path?: string;
  readonly equals?: Json;
  readonly min?: number;
  /** Seconds. */
  readonly max: number;
}

/** What is compared; of the body one of `body`, `text`, `base64`, `bytes` with `sha256`, `empty`. */
export interface Expectation {
  readonly status: number;
  readonly headers: Readonly<Record<string, Json>>;
  readonly body?: Json;
  readonly text?: string;
  readonly base64?: string;
  readonly bytes?: number;
  readonly sha256?: string;
  readonly empty?: true;
}

export interface Step {
  readonly request: RecordedRequest;
  readonly expect: Expectation;
  /** Variables from the answer, by path. */
  readonly save?: Readonly<Record<string, string>>;
  readonly poll?: Poll;
  /** Keep only list elements whose name begins with the case's prefix. */
  readonly own?: boolean;
  readonly drop?: readonly string[];
  readonly mask?: Readonly<Record<string, string>>;
  readonly pick?: readonly string[];
  /** Headers to compare beside the usual ones. */
  readonly headers?: readonly string[];
}

export interface Case {
  readonly name: string;
  readonly why: string;
  readonly steps: readonly Step[];
  readonly cleanup: readonly RecordedRequest[];
}

/** The kinds that the cases were recorded with, by family. */
const RECORDED_KINDS = { python: 'python:3.11', nodejs: 'nodejs:20' } as const;

/** All recorded cases, with the kinds of this machine in place of the recorded ones. */
export function readCases(kinds: { readonly python: string; readonly nodejs: string }): Case[] {
  const directory = path.join(__dirname, 'cases');
  const files = readdirSync(directory).filter((file) => file.endsWith('.json'));
  return files.sort().map((file) => {
    const recorded = readFileSync(path.join(directory, file), 'utf8');
    const text = recorded
      .replaceAll(RECORDED_KINDS.python, kinds.python)
      .replaceAll(RECORDED_KINDS.nodejs, kinds.nodejs);
    return JSON.parse(text) as Case;
  });
}
