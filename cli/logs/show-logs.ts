/** `pdfmagic logs`: activations with what they logged. */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import type { Activation, Listed, OpenWhiskApi } from '../client/openwhisk';
import { openService } from '../client/service';
import { Failure } from '../failure';
import type { Stack } from '../stack/stack';
import { asJson, printable, type Terminal } from '../terminal';
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
/** Records at a time; each may hold a whole PDF. */
const PARALLEL = 4;

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
  const listed = await openwhisk.activations(options.limit);
  const latest = await recordsOf(openwhisk, listed);
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
      const unseen = await unseenSince(openwhisk, Math.max(begin, newest - LATE), seen);
      for (const activation of await recordsOf(openwhisk, unseen)) {
        seen.set(activation.activationId, activation.start);
        newest = Math.max(newest, activation.start);
        show(activation);
      }
      for (const [id, start] of seen) if (start < newest - LATE) seen.delete(id);
      isAway = false;
    } catch (error) {
      // A platform may be restarted meanwhile.
      if (!(error instanceof Failure)) throw error;
      if (!isAway) terminal.note(printable(`${error.message} Trying again.`));
      isAway = true;
    }
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
}

/** Page by page: in a busy minute there are more than OpenWhisk lists at a time. */
async function unseenSince(
  openwhisk: OpenWhiskApi,
  since: number,
  seen: ReadonlyMap<string, number>,
): Promise<Listed[]> {
  const unseen = new Map<string, Listed>();
  for (let skip = 0; ; skip += PAGE) {
    const page = await openwhisk.activations(PAGE, skip, since);
    for (const each of page) if (!seen.has(each.activationId)) unseen.set(each.activationId, each);
    if (page.length < PAGE) return [...unseen.values()];
  }
}

/** The whole records, the oldest first; without those that are gone, or not there yet. */
async function recordsOf(openwhisk: OpenWhiskApi, listed: readonly Listed[]): Promise<Activation[]> {
  const limit = pLimit(PARALLEL);
  const records = await Promise.all(listed.map(({ activationId }) => limit(() => openwhisk.activation(activationId))));
  return records.filter((record) => record !== undefined).sort((a, b) => a.start - b.start);
}

/** For --json: without results, which may be whole PDFs; with the error. */
function plain({ annotations, response, ...activation }: Activation): object {
  const { status, success, result } = response;
  const error = z.object({ error: z.unknown() }).safeParse(result).data?.error;
  const outcome = { status, success, ...(error === undefined ? {} : { error }) };
  return { ...activation, ...outcome, annotations: Object.fromEntries(annotations) };
}
