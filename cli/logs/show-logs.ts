/** `pdfmagic logs`: activations with what they logged. */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { CONVERSION_TIMEOUT } from '../../contract/limits';
import type { Activation, Listed, OpenWhiskApi } from '../client/openwhisk';
import { openService } from '../client/service';
import { Failure } from '../failure';
import type { Stack } from '../stack/stack';
import { escapeControls, formatJson, type Terminal } from '../terminal';
import { describe, isFailure } from './describe';

export interface LogsOptions {
  /** The latest so many. */
  readonly limit: number;
  /** Go on with those that come. */
  readonly follow: boolean;
  /** Of this action or trigger alone: `v1`, or with its package. */
  readonly action?: string | undefined;
  /** Those alone that failed, or answered a request with an error. */
  readonly failed: boolean;
  readonly json: boolean;
  readonly insecure: boolean;
}

/** Milliseconds between two looks. */
const PAUSE = 1000;
/** Records may appear this much after their start: an activation is written down when it ends. */
const LATE = 2 * CONVERSION_TIMEOUT;
/** OpenWhisk lists no more at a time. */
const PAGE = 200;
/** Activations that are looked through for those asked for. */
const MOST = 1000;
/** Records at a time; each may hold a whole PDF. */
const PARALLEL = 4;

/** Prints the oldest first. @param signal ends following; @throws Failure */
export async function showLogs(
  stack: Stack,
  options: LogsOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { openwhisk } = openService(stack, options.insecure);
  if (openwhisk === undefined) {
    throw new Failure(
      'Cloud Run has no activations.',
      'Its logs: `gcloud run services logs read SERVICE --region REGION`; on this machine the log of `npm run platform`.',
    );
  }
  const show = (activation: Activation) => {
    if (!options.json) for (const line of describe(activation)) terminal.out(line);
    else if (options.follow) terminal.out(JSON.stringify(dropResult(activation)));
  };
  const begin = Date.now();
  const { latest, seen } = await findLatest(openwhisk, options);
  for (const activation of latest) show(activation);
  if (options.follow) {
    const since = latest[0]?.start ?? begin;
    await follow(openwhisk, seen, since, (found) => isWanted(found, options) && show(found), terminal, signal);
  } else if (options.json) terminal.out(formatJson(latest.map(dropResult)));
  else if (latest.length === 0) terminal.note(escapeControls(describeNothing(options, seen.size)));
}

type Filter = Pick<LogsOptions, 'action' | 'failed'>;

/** The latest that are asked for, the oldest first; and all that were seen on the way, by their start. */
async function findLatest(openwhisk: OpenWhiskApi, options: LogsOptions) {
  const isFiltered = options.failed || options.action !== undefined;
  const size = isFiltered ? PAGE : options.limit;
  const latest: Activation[] = [];
  const seen = new Map<string, number>();
  for (let skip = 0; latest.length < options.limit && skip < MOST; skip += size) {
    const page = await openwhisk.activations(size, { skip });
    const named = page.filter((each) => hasName(each, options.action));
    // Without --failed no more of them are read than are shown.
    const read = options.failed ? named : named.slice(0, options.limit - latest.length);
    const records = await readRecords(openwhisk, read);
    // One whose record is not there yet is not seen yet.
    const unread = page.filter((each) => !read.includes(each));
    for (const { activationId, start } of [...unread, ...records]) seen.set(activationId, start);
    const wanted = records.filter((each) => isWanted(each, options));
    latest.unshift(...wanted.slice(-(options.limit - latest.length)));
    if (page.length < size || !isFiltered) break;
  }
  return { latest, seen };
}

function isWanted(activation: Activation, { action, failed }: Filter): boolean {
  return hasName(activation, action) && (!failed || isFailure(activation));
}

/** OpenWhisk's own filter knows an action of a package by its whole name alone. */
function hasName({ name, annotations }: Listed, wanted: string | undefined): boolean {
  return wanted === undefined || name === wanted || `/${annotations.get('path')}`.endsWith(`/${wanted}`);
}

function describeNothing({ action, failed }: Filter, looked: number): string {
  if (looked === 0) return 'There are no activations yet.';
  const what = `${failed ? 'failed ' : ''}activation${action === undefined ? '' : ` of ${action}`}`;
  return `There is no ${what} among the latest ${looked}.`;
}

async function follow(
  openwhisk: OpenWhiskApi,
  seen: Map<string, number>,
  begin: number,
  show: (activation: Activation) => void,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  let newest = Math.max(begin, ...seen.values());
  let isAway = false;
  while (!signal.aborted) {
    try {
      const unseen = await listUnseen(openwhisk, Math.max(begin, newest - LATE), seen);
      for (const activation of await readRecords(openwhisk, unseen)) {
        seen.set(activation.activationId, activation.start);
        newest = Math.max(newest, activation.start);
        show(activation);
      }
      for (const [id, start] of seen) if (start < newest - LATE) seen.delete(id);
      isAway = false;
    } catch (error) {
      // A platform may be restarted meanwhile.
      if (!(error instanceof Failure)) throw error;
      if (!isAway) terminal.note(escapeControls(`${error.message} Trying again.`));
      isAway = true;
    }
    await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
}

/** Page by page: in a busy minute there are more than OpenWhisk lists at a time. */
async function listUnseen(
  openwhisk: OpenWhiskApi,
  since: number,
  seen: ReadonlyMap<string, number>,
): Promise<Listed[]> {
  const unseen = new Map<string, Listed>();
  for (let skip = 0; ; skip += PAGE) {
    const page = await openwhisk.activations(PAGE, { skip, since });
    for (const each of page) if (!seen.has(each.activationId)) unseen.set(each.activationId, each);
    if (page.length < PAGE) return [...unseen.values()];
  }
}

/** The whole records, the oldest first; without those that are gone, or not there yet. */
async function readRecords(openwhisk: OpenWhiskApi, listed: readonly Listed[]): Promise<Activation[]> {
  const limit = pLimit(PARALLEL);
  const records = await Promise.all(listed.map(({ activationId }) => limit(() => openwhisk.activation(activationId))));
  return records.filter((record) => record !== undefined).sort((a, b) => a.start - b.start);
}

/** For --json: without results, which may be whole PDFs; with the error. */
function dropResult({ annotations, response, ...activation }: Activation): object {
  const { status, success, result } = response;
  const error = z.object({ error: z.unknown() }).safeParse(result).data?.error;
  const outcome = { status, success, ...(error === undefined ? {} : { error }) };
  return { ...activation, ...outcome, annotations: Object.fromEntries(annotations) };
}
