/** Actions that do next to nothing, on any OpenWhisk: what is left is the platform's own time. */
import { z } from 'zod';
import { type Answer, jsonOf, type OpenWhiskApi, readRefusal, requireSuccess } from './client';

/** Runtimes that every OpenWhisk has. The result is when it ran, in milliseconds since the epoch. */
export const TRIVIAL = {
  Python: {
    name: 'pdfmagic-bench-python',
    exec: { kind: 'python:default', code: 'import time\ndef main(args):\n    return {"at": time.time() * 1000}\n' },
  },
  'Node.js': {
    name: 'pdfmagic-bench-nodejs',
    exec: {
      kind: 'nodejs:default',
      code: 'function main() { return { at: performance.timeOrigin + performance.now() }; }\n',
    },
  },
} as const;

/** One of {@link TRIVIAL}. */
export type Runtime = keyof typeof TRIVIAL;
/** Both. */
export const RUNTIMES = Object.keys(TRIVIAL) as readonly Runtime[];

/** Makes the trivial action of a runtime. */
export function putTrivial(api: OpenWhiskApi, runtime: Runtime): Promise<void> {
  return api.putAction(TRIVIAL[runtime].name, { exec: TRIVIAL[runtime].exec });
}

/** Removes what there is of them. */
export async function removeTrivial(api: OpenWhiskApi): Promise<void> {
  for (const { name } of Object.values(TRIVIAL)) await api.send('DELETE', `actions/${name}`);
}

/** Invokes an action and waits. @throws Failure unless it succeeds */
export async function invoke(api: OpenWhiskApi, action: string, parameters: object = {}): Promise<Answer> {
  const answer = await api.invoke(action, parameters);
  requireSuccess(answer);
  return answer;
}

/** Asks for what needs no action: what HTTP and the check of the key take. */
export async function askOnly(api: OpenWhiskApi): Promise<void> {
  requireSuccess(await api.get('limits'));
}

const accepted = z.object({ activationId: z.string() });

/** The activation that an answer tells of. @throws Failure for another answer */
export function activationOf(answer: Answer): string {
  const found = accepted.safeParse(jsonOf(answer)).data?.activationId;
  if (found === undefined || answer.status > 299) throw readRefusal(answer);
  return found;
}
