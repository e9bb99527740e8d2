/** From a trigger to the start of the action. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { jsonOf, type OpenWhiskApi, requireSuccess } from '../client';
import { listApis, type Measurement } from '../measurement';
import { activationOf, putTrivial, TRIVIAL } from '../trivial-actions';

/** Names are of one kind in a namespace, whatever they name. */
const TRIGGER = 'pdfmagic-bench-trigger';
const RULE = 'pdfmagic-bench-rule';
const ACTION = TRIVIAL.Python.name;
/** Milliseconds until the record of an activation is missed. */
const PATIENCE = 20_000;

const record = z.object({ start: z.number(), response: z.object({ result: z.object({ at: z.number() }) }) });
const logs = z.object({ logs: z.array(z.string()) });
const started = z.object({ activationId: z.string().optional() });

export const trigger: Measurement = {
  name: 'trigger',
  what: 'From the firing of a trigger to the first line of the action of its rule, warm, by the clock of this machine.',
  reference: 'the same action, invoked directly without waiting for its result',
  async run(laboratory, figures) {
    const apis = await listApis(laboratory);
    const place = { what: 'until the action starts', unit: 'ms' } as const;
    try {
      for (const { api } of apis) {
        await putTrivial(api, 'Python');
        requireSuccess(await api.send('PUT', `triggers/${TRIGGER}?overwrite=true`, {}));
        const rule = { trigger: `/_/${TRIGGER}`, action: `/_/${ACTION}` };
        requireSuccess(await api.send('PUT', `rules/${RULE}?overwrite=true`, rule));
        await fire(api);
      }
      for (const _ of laboratory.rounds('from trigger to action')) {
        for (let run = 0; run < laboratory.setup.pace.runs; run += 1) {
          for (const { who, api } of apis) {
            laboratory.goOn();
            figures.add(place, `${who}, by trigger`, await fire(api));
            figures.add(place, `${who}, direct`, await invokeOnly(api));
          }
        }
      }
    } finally {
      for (const { api } of apis)
        for (const path of [`rules/${RULE}`, `triggers/${TRIGGER}`]) await api.send('DELETE', path);
    }
  },
};

async function fire(api: OpenWhiskApi): Promise<number> {
  const sent = Date.now();
  const id = activationOf(await api.send('POST', `triggers/${TRIGGER}`, {}));
  // The record of a trigger has a log line for each rule (apache/openwhisk, Triggers.scala).
  const [line] = await poll(api, id, logs, (found) => found.logs.length > 0).then((found) => found.logs);
  const action = started.parse(JSON.parse(line ?? '{}')).activationId;
  if (action === undefined) throw new Error(`the trigger did not start the action: ${line}`);
  return (await poll(api, action, record)).response.result.at - sent;
}

async function invokeOnly(api: OpenWhiskApi): Promise<number> {
  const sent = Date.now();
  const id = activationOf(await api.send('POST', `actions/${ACTION}`, {}));
  return (await poll(api, id, record)).response.result.at - sent;
}

async function poll<T>(
  api: OpenWhiskApi,
  id: string,
  schema: z.ZodType<T>,
  isWhole: (found: T) => boolean = () => true,
): Promise<T> {
  for (const end = performance.now() + PATIENCE; performance.now() < end; await sleep(20)) {
    const answer = await api.get(`activations/${id}`);
    const found = answer.status === 200 ? schema.safeParse(jsonOf(answer)).data : undefined;
    if (found !== undefined && isWhole(found)) return found;
  }
  throw new Error(`there is no record of activation ${id} after ${PATIENCE / 1000} s`);
}
