/** `pdfmagic status`: whether every file that arrived is accounted for. */
import pLimit from 'p-limit';
import { z } from 'zod';
import { parseJson } from '../client/http';
import { openService, type Service } from '../client/service';
import type { Stack } from '../stack/stack';
import { escapeControls, formatJson, type Terminal } from '../terminal';
import { accountFor, type Fate } from './account';
import { readDeadLetters } from './dead-letters';

/** Names of each kind that are printed for people. */
const SHOWN = 20;

const record = z.object({ code: z.string(), error: z.string(), activation: z.string().nullish() });

/** A fate with the reason of a refusal; as it is in --json. */
type Explained = Fate & Partial<z.infer<typeof record>>;

/** Prints the counts, and what is not converted. */
export async function showStatus(stack: Stack, options: { json: boolean; insecure: boolean }, terminal: Terminal) {
  const service = openService(stack, options.insecure);
  terminal.progress('looking into the buckets ...');
  const deadLetters = await readDeadLetters(service);
  // First what arrived, then what became of it: so nothing is missed that happens in between.
  const arrived = await service.inBucket.list();
  const fates = accountFor(stack.inBucket, arrived, await service.outBucket.list(), deadLetters ?? []);
  const of = (fate: Fate['fate']) => fates.filter((file) => file.fate === fate).sort(byName);
  const [converted, refused, dead, waiting] = [of('converted'), of('refused'), of('dead-letter'), of('waiting')];
  const reasons = await addReasons(service, options.json ? refused : refused.slice(0, SHOWN));
  terminal.progress('');
  const counts = {
    converted: converted.length,
    refused: refused.length,
    deadLetters: deadLetters === undefined ? null : dead.length,
    waiting: waiting.length,
  };
  if (options.json) {
    const { student, platform, inBucket, outBucket } = stack;
    const files = [...reasons, ...dead, ...waiting];
    terminal.out(formatJson({ student, platform, inBucket, outBucket, ...counts, files }));
    return;
  }
  const kept = counts.deadLetters === null ? 'this stack keeps none' : `${counts.deadLetters}`;
  terminal.out(escapeControls(`Stack of ${stack.student}, ${stack.inBucket} -> ${stack.outBucket}`));
  terminal.out(`  converted     ${counts.converted}`);
  terminal.out(`  refused       ${counts.refused}`);
  terminal.out(`  dead letters  ${kept}`);
  terminal.out(`  waiting       ${counts.waiting}`);
  list(terminal, 'Refused', refused.length, reasons);
  list(terminal, 'Dead letters', dead.length, dead.slice(0, SHOWN));
  list(terminal, 'Waiting', waiting.length, waiting.slice(0, SHOWN));
}

/** Reads the records of refusals; one that is gone by now has no reason any more. */
async function addReasons({ outBucket }: Service, fates: readonly Fate[]): Promise<Explained[]> {
  const limit = pLimit(8);
  const read = async (fate: Fate): Promise<Explained> => {
    if (fate.fate !== 'refused') return fate;
    const bytes = await outBucket.read(fate.record);
    return { ...fate, ...(bytes && record.safeParse(parseJson(bytes)).data) };
  };
  return Promise.all(fates.map((fate) => limit(() => read(fate))));
}

function list(terminal: Terminal, title: string, count: number, fates: readonly Explained[]): void {
  if (count === 0) return;
  terminal.out(`${title}:`);
  for (const fate of fates) terminal.out(`  ${escapeControls(fate.name)}: ${escapeControls(describeReason(fate))}`);
  if (count > fates.length) terminal.out(`  and ${count - fates.length} more; --json has all`);
}

function describeReason(fate: Explained): string {
  if (fate.fate === 'refused') return `${fate.error ?? 'the reason is no longer recorded'} (${fate.code ?? 'unknown'})`;
  if (fate.fate === 'dead-letter') return fate.reason ?? 'all attempts failed; the feed’s log says why';
  if (fate.fate === 'waiting') return `for ${Math.max(0, Math.round((Date.now() - fate.since) / 1000))} s`;
  return '';
}

function byName(a: Fate, b: Fate): number {
  return a.name < b.name ? -1 : 1;
}
