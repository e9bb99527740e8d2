/** Replays one case: its steps in order, polling where they say so, and its cleanup in any case. */
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import type { Case, Poll, Step } from './case';
import { observe } from './observation';
import { type Answer, type Server, send } from './requests';
import { fill, type Variables, valueAt } from './variables';

const asJson = (answer: Answer) => ({ status: answer.status, headers: answer.headers, body: answer.body ?? null });

/** True when an answer is what a poll waits for. */
function isSettled(poll: Poll, answer: Answer, variables: Variables): boolean {
  if (poll.status !== undefined && answer.status !== poll.status) return false;
  if (poll.path === undefined) return true;
  const value = valueAt(asJson(answer), poll.path);
  if (poll.equals !== undefined) return isDeepStrictEqual(value, fill(poll.equals, variables));
  if (poll.min !== undefined) return typeof value === 'number' && value >= poll.min;
  return value !== undefined;
}

async function perform(step: Step, server: Server, variables: Variables): Promise<Answer> {
  const deadline = Date.now() + (step.poll?.max ?? 0) * 1000;
  for (;;) {
    const answer = await send(step.request, server, variables);
    if (!step.poll || isSettled(step.poll, answer, variables) || Date.now() > deadline) return answer;
    await sleep(100);
  }
}

/** Replays a case against a server; fails with what differs. */
export async function replay(recorded: Case, server: Server, namespace: string): Promise<void> {
  const variables: Variables = {
    p: `cf${randomBytes(4).toString('hex')}`,
    ns: namespace,
    auth: server.auth,
    basic: Buffer.from(server.auth).toString('base64'),
    host: new URL(server.url).host,
  };
  try {
    for (const [index, step] of recorded.steps.entries()) {
      const answer = await perform(step, server, variables);
      for (const [name, where] of Object.entries(step.save ?? {})) {
        const value = valueAt(asJson(answer), where);
        if (value !== undefined) variables[name] = value;
      }
      const label = `step ${index + 1}: ${step.request.method} ${step.request.path}`;
      expect(observe(step, answer, variables), label).toEqual(step.expect);
    }
  } finally {
    for (const request of recorded.cleanup) await send(request, server, variables).catch(() => undefined);
  }
}
