/** What OpenWhisk tells of an activation: `GET /convert/activation?id=`. */
import { ask } from './request';
import { serviceUrl } from './service';

/** As the action `activation` answers (actions/activation). */
export interface Activation {
  readonly name: string;
  /** Milliseconds that the action ran, with its initialization on a cold start. */
  readonly duration: number;
  /** Milliseconds that it waited for a container. */
  readonly waitTime?: number;
  /** Milliseconds of initialization: only on a cold start. */
  readonly initTime?: number;
  readonly cold: boolean;
}

/** OpenWhisk writes a record a moment after the answer. */
const PAUSES = [0, 300, 700, 1_500, 3_000];

/** It is short, and asked for by hand. */
const NEVER = new AbortController().signal;

/** The record of an activation; undefined when there is none, or no answer. */
export async function fetchActivation(id: string): Promise<Activation | undefined> {
  for (const pause of PAUSES) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      const answer = await ask({ method: 'GET', url: serviceUrl('activation', { id }), signal: NEVER });
      if (answer.ok) return read(await answer.json());
      if (answer.status !== 404) return undefined;
    } catch {
      return undefined;
    }
  }
  return undefined;
}

function read(value: unknown): Activation | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { name, duration, cold, waitTime, initTime } = value as Partial<Record<keyof Activation, unknown>>;
  if (typeof name !== 'string' || typeof duration !== 'number' || typeof cold !== 'boolean') return undefined;
  return {
    ...{ name, duration, cold },
    ...(typeof waitTime === 'number' ? { waitTime } : {}),
    ...(typeof initTime === 'number' ? { initTime } : {}),
  };
}
