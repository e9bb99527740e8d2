/** Runs code as an action of the stack under torture. */
import { z } from 'zod';
import { jsonOf } from '../../client/http';
import { type Activation, type OpenWhiskApi, readRefusal } from '../../client/openwhisk';
import { waitFor } from './fault';

/** Limits of an action, as OpenWhisk takes them: milliseconds and MiB. */
interface Limits {
  readonly timeout: number;
  readonly memory?: number;
  readonly logs?: number;
}

const named = z.object({ activationId: z.string() });

/** Makes an action of Python source. */
export async function putPython(openwhisk: OpenWhiskApi, name: string, code: string, limits: Limits): Promise<void> {
  await openwhisk.putAction(name, { exec: { kind: 'python:default', code }, limits });
}

/** Has an action accepted, without waiting for its end. @returns the id of the activation */
export async function accept(openwhisk: OpenWhiskApi, name: string, parameters: object = {}): Promise<string> {
  const answer = await openwhisk.send('POST', `actions/${name}`, parameters);
  if (answer.status !== 202) throw readRefusal(answer);
  return named.parse(jsonOf(answer)).activationId;
}

/** Waits for a record. */
export function awaitRecord(openwhisk: OpenWhiskApi, id: string): Promise<Activation> {
  return waitFor(`the record of ${id}`, () => openwhisk.activation(id));
}

/** Makes an action, runs it once to its end, and removes it. */
export async function runAction(
  openwhisk: OpenWhiskApi,
  name: string,
  code: string,
  limits: Limits,
): Promise<Activation & { readonly seconds: number }> {
  await putPython(openwhisk, name, code, limits);
  const began = performance.now();
  const record = await awaitRecord(openwhisk, await accept(openwhisk, name));
  const seconds = (performance.now() - began) / 1000;
  await openwhisk.send('DELETE', `actions/${name}`);
  return { ...record, seconds };
}

/** What an activation answered as its error; empty if it did not. */
export function errorOf({ response }: Activation): string {
  return z.object({ error: z.string() }).safeParse(response.result).data?.error ?? '';
}
