/** What is done to the platform, and when: decided by the seed alone, whatever the machine does meanwhile. */
import { Random } from './random';

/** What can be killed. `runner` is the process that applies a stack, `pdfmagic` the command of a user. */
export const VICTIMS = ['platform', 'emulator', 'sandbox', 'runner', 'pdfmagic'] as const;
export type Victim = (typeof VICTIMS)[number];

/** One `kill -9`. */
export interface Kill {
  readonly kind: 'kill';
  readonly victim: Victim;
  /** Milliseconds after the step before. */
  readonly pause: number;
  /** Which of several such processes: its place among them, from 0 up to, without, 1. */
  readonly which: number;
  /** Milliseconds that a runner or a command gets, from its start. */
  readonly life: number;
}

/** One fault, of `faults/`. */
export interface FaultStep {
  readonly kind: 'fault';
  readonly name: string;
}

export type Step = Kill | FaultStep;

/** How often each is killed, in proportion: the platform most, because it has the most to lose. */
const SHARES: Readonly<Record<Victim, number>> = { platform: 20, emulator: 14, sandbox: 8, runner: 8, pdfmagic: 12 };
/** Milliseconds between two kills, and of a runner's or a command's life: some live to their end. */
const PAUSE = [100, 2500] as const;
const LIFE = [0, 6000] as const;
/** Kills between two faults. */
const BETWEEN = 5;

/** The steps, without end. All faults come once, in any order, before one comes again. */
export function* makeSchedule(seed: number, faults: readonly string[]): Generator<Step, never> {
  const random = new Random(seed);
  let deck: string[] = [];
  for (let kills = 1; ; kills += 1) {
    yield {
      kind: 'kill',
      victim: random.weighted(SHARES),
      pause: Math.round(random.between(...PAUSE)),
      which: random.next(),
      life: Math.round(random.between(...LIFE)),
    };
    if (kills % BETWEEN !== 0 || faults.length === 0) continue;
    if (deck.length === 0) deck = random.shuffle(faults);
    const name = deck.pop();
    if (name !== undefined) yield { kind: 'fault', name };
  }
}

/** A step as a line of the log. */
export function describeStep(step: Step): string {
  if (step.kind === 'fault') return `fault ${step.name}`;
  const { victim, pause, which, life } = step;
  const choice = victim === 'runner' || victim === 'pdfmagic' ? `${life} ms after its start` : which.toFixed(3);
  return `after ${pause} ms kill -9 ${victim}${victim === 'platform' ? '' : ` (${choice})`}`;
}
