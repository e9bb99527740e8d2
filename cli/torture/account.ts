/** The account of a run: what became of all that was accepted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenWhiskApi } from '../client/openwhisk';
import type { Service } from '../client/service';
import { findOutcomes } from '../stress/account';
import type { Load } from './load';

/** Milliseconds until the rest counts as lost, after the last start. */
const PATIENCE = 180_000;
/** Records on a page of the list. */
const PAGE = 200;

/** Of these activation ids those that OpenWhisk has no record of. */
export class Records {
  private readonly found = new Set<string>();

  constructor(private readonly openwhisk: OpenWhiskApi) {}

  /** Asks once for each that was not found before. */
  async findMissing(ids: readonly string[]): Promise<string[]> {
    for (const id of ids)
      if (!this.found.has(id) && (await this.openwhisk.get(`activations/${id}`)).status === 200) this.found.add(id);
    return ids.filter((id) => !this.found.has(id));
  }

  /** Goes through the whole list. @returns ids that are in it more than once, and how many records each action has */
  async count(): Promise<{ readonly twice: string[]; readonly byAction: ReadonlyMap<string, number> }> {
    const seen = new Set<string>();
    const twice: string[] = [];
    const byAction = new Map<string, number>();
    for (let skip = 0; ; skip += PAGE) {
      const page = await this.openwhisk.activations(PAGE, { skip });
      for (const { activationId, name } of page) {
        if (seen.has(activationId)) twice.push(activationId);
        seen.add(activationId);
        byAction.set(name, (byAction.get(name) ?? 0) + 1);
      }
      if (page.length < PAGE) return { twice, byAction };
    }
  }
}

/** Waits until all is accounted for, or none comes any more. @returns seconds until the last came */
export async function settle(service: Service, records: Records, prefix: string, load: Load): Promise<number> {
  const started = performance.now();
  let last = 0;
  let open = Number.POSITIVE_INFINITY;
  while (open > 0 && performance.now() - started < PATIENCE) {
    await sleep(500);
    const { pdfs, records: refusals } = await findOutcomes(service, prefix, load.uploads);
    const missing = await records.findMissing(load.accepted);
    const unsettled = load.uploaded.filter(({ name }) => !pdfs.has(name) && !refusals.has(name));
    const now = unsettled.length + missing.length;
    if (now !== open) last = (performance.now() - started) / 1000;
    open = now;
  }
  return last;
}
