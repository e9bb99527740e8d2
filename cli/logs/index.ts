/** `pdfmagic logs`: activations with what they logged. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from '../failure';
import type { Activation, OpenWhiskApi } from '../openwhisk';
import { openService } from '../service';
import type { Stack } from '../stack/stack';
import { asJson, type Terminal } from '../terminal';
import { describe } from './describe';

export interface LogsOptions {
  /** The latest so many. */
  readonly limit: number;
  /** Go on with those that come. */
  readonly follow: boolean;
  readonly json: boolean;
  readonly insecure: boolean;
}

/** Milliseconds between two looks. */
const PAUSE = 1000;
/** Records may appear this much after their start: an activation is written down when it ends, 60 s later at most here. */
const LATE = 120_000;
/** OpenWhisk lists no more at a time. */
const PAGE = 200;

/** Prints the oldest first. @param signal ends following; @throws Failure */
export async function logs(stack: Stack, options: LogsOptions, terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { openwhisk } = openService(stack, options.insecure);
  if (openwhisk === undefined) {
    throw new Failure(
      'Cloud Run has no activations.',
      'Its logs: `gcloud run services logs read SERVICE --region REGION`; on this machine the log of `npm run platform`.',
    );
  }
  const show = (activation: Activation) => {
    if (!options.json) for (const line of describe(activation)) terminal.out(line);
    else if (options.follow) terminal.out(JSON.stringify(plain(activation)));
  };
  const latest = (await openwhisk.activations(options.limit)).reverse();
  for (const activation of latest) show(activation);
  if (options.follow) await follow(openwhisk, latest, show, terminal, signal);
  else if (options.json) terminal.out(asJson(latest.map(plain)));
  else if (latest.length === 0) terminal.note('There are no activations yet.');
}

async function follow(
  openwhisk: OpenWhiskApi,
  latest: readonly Activation[],
  show: (activation: Activation) => void,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const seen = new Map(latest.map(({ activationId, start }) => [activationId, start]));
  const begin = latest[0]?.start ?? Date.now();
  let newest = latest.at(-1)?.start ?? begin;
  let isAway = false;
  while (!signal.aborted) {
    try {
      const since = Math.max(begin, newest - LATE);
      const found = (await openwhisk.activations(PAGE, since)).filter(({ activationId }) => !seen.has(activationId));
      for (const activation of found.reverse()) {
        seen.set(activation.activationId, activation.start);
        newest = Math.max(newest, activation.start);
        show(activation);
      }
      for (const [id, start] of seen) if (start < newest - LATE) seen.delete(id);
      isAway = false;
    } catch (error) {
      // A platform may be restarted meanwhile.
      if (!(error instanceof Failure)) throw error;
      if (!isAway) terminal.note(`${error.message} Trying on.`);
      isAway = true;
    }
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
}

/** For --json: without results, which may be whole PDFs; an error is told. */
function plain({ annotations, response, ...activation }: Activation): object {
  const { status, success, result } = response;
  const error = z.object({ error: z.unknown() }).safeParse(result).data?.error;
  const told = { status, success, ...(error === undefined ? {} : { error }) };
  return { ...activation, ...told, annotations: Object.fromEntries(annotations) };
}
