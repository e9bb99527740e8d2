/** One fault, made under load beside a healthy neighbour. */
import { messageOf } from '../../ground/errors';
import type { Fault, Scene } from './faults/fault';
import type { Neighbour } from './neighbour';

/** What came of a fault. */
export interface Trial {
  readonly fault: string;
  readonly came: 'as expected' | 'not as expected' | 'skipped';
  /** What was seen, what was not as expected, or why it was skipped. */
  readonly seen: string;
  readonly seconds: number;
  /** Conversions of the neighbour meanwhile, and milliseconds of the slowest. */
  readonly conversions: number;
  readonly slowest: number;
}

/** @returns what came of it; nothing is thrown */
export async function tryFault(fault: Fault, scene: Scene, neighbour: Neighbour): Promise<Trial> {
  const began = performance.now();
  const reason = fault.cannot?.();
  const none = { fault: fault.name, seconds: 0, conversions: 0, slowest: 0 };
  if (reason !== undefined) return { ...none, came: 'skipped', seen: reason };
  const seconds = () => Math.round((performance.now() - began) / 100) / 10;
  try {
    const { result, unharmed } = await neighbour.during(() => fault.run(scene));
    return { ...none, ...unharmed, came: 'as expected', seen: result, seconds: seconds() };
  } catch (error) {
    return { ...none, came: 'not as expected', seen: messageOf(error), seconds: seconds() };
  }
}
