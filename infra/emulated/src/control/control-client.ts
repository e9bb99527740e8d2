/** The control API of the Cloud Run on this machine: `PUT`, `GET` and `DELETE /cloudrun/KIND/NAME`. */
import { hasUnknown, isKnownGone, plainError } from '@pdfmagic/openwhisk/dynamic';
import { askForProof } from '@pdfmagic/openwhisk/server-proof';
import { storeIsGone } from '@pdfmagic/openwhisk/store-gone';
import { z } from 'zod';
import type { CommonInputs } from './control-inputs';

/** What there is of each resource. */
export type Kind = 'services' | 'triggers';

/** Milliseconds: a first deployment installs what the service needs, which takes a minute or two. */
const TIMEOUT = 600_000;

const failure = z.object({ error: z.string() });
const resource = z.record(z.string(), z.unknown());

/** The resource as it is; undefined when there is none. @throws Error in words */
export async function get(kind: Kind, inputs: CommonInputs): Promise<Record<string, unknown> | undefined> {
  const { status, body } = await call('GET', kind, inputs);
  return status === 404 ? undefined : resource.parse(body);
}

/** Deploys it. @throws Error in words */
export async function put(kind: Kind, inputs: CommonInputs, spec: object): Promise<Record<string, unknown>> {
  const { status, body } = await call('PUT', kind, inputs, spec);
  if (status === 404)
    throw new Error(`The local platform at ${inputs.control.endpoint} has no Cloud Run. Is it an older version?`);
  return resource.parse(body);
}

/** Removes it; one that is gone already is fine. @throws Error in words */
export async function remove(kind: Kind, inputs: CommonInputs): Promise<void> {
  await call('DELETE', kind, inputs);
}

/** Whether it is known to be gone. */
export async function isGone(kind: Kind, inputs: CommonInputs): Promise<boolean> {
  if (hasUnknown(inputs.control)) return false;
  return isKnownGone(async (signal) => (await call('GET', kind, inputs, undefined, signal)).status === 404);
}

async function call(
  method: string,
  kind: Kind,
  { control: { endpoint, auth, startHint, provesKey }, name }: CommonInputs,
  spec?: object,
  signal = AbortSignal.timeout(TIMEOUT),
): Promise<{ readonly status: number; readonly body: unknown }> {
  const what = `${method} ${kind}/${name} at ${endpoint}`;
  if (provesKey === true && (await askForProof(endpoint, auth)) === 'refuted') {
    if (method !== 'PUT' && (await storeIsGone(endpoint, auth))) return { status: 404, body: undefined };
    throw plainError(
      `${what} failed: what answers there cannot prove that it already has the key, so the key was not sent.`,
      what,
    );
  }
  let answer: Response;
  let text: string;
  try {
    answer = await fetch(`${endpoint}/cloudrun/${kind}/${name}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(auth).toString('base64')}`,
        'content-type': 'application/json',
      },
      signal,
      ...(spec === undefined ? {} : { body: JSON.stringify(spec) }),
    });
    text = await answer.text();
  } catch (error) {
    throw plainError(
      `${what} failed: ${reasonOf(error)}. Is the local platform running? ${startHint ?? ''}`.trim(),
      what,
    );
  }
  if (answer.status === 401 && (await storeIsGone(endpoint, auth))) return { status: 404, body: undefined };
  const body = jsonOf(text);
  if (!answer.ok && answer.status !== 404) {
    const words = failure.safeParse(body);
    const said = words.success ? words.data.error : text.slice(0, 300);
    throw plainError(`${what} answered ${answer.status}: ${said}`, what);
  }
  return { status: answer.status, body };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The error of `fetch` hides what happened in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
