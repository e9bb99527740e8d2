/** Shows what goes on, one line for each thing done: the same on a terminal and in a log, and never a secret. */
import { formatEvent, type StackEvent } from '../../runner';

/** Milliseconds without a line, after which one says that work goes on. */
const SILENCE = 10_000;

/** Shows that the step under way lives. */
let ticking: NodeJS.Timeout | undefined;

/** A new step of a command. */
export function step(text: string): void {
  endStep();
  console.log(`\n${text}`);
}

/** A new step that takes a while: each ten silent seconds, a line says so until the next step, or `endStep`. */
export function longStep(text: string): void {
  step(text);
  showLife();
}

/** From now on, each ten silent seconds a line says that work goes on. */
export function showLife(): void {
  const began = performance.now();
  const tick = () => console.log(`  ... ${Math.round((performance.now() - began) / 1000)} s`);
  ticking = setInterval(tick, SILENCE).unref();
}

/** The step under way has ended, well or not. */
export function endStep(): void {
  clearInterval(ticking);
  ticking = undefined;
}

/** A line that belongs to the step under way. */
export function detail(text: string): void {
  console.log(`  ${text}`);
  ticking?.refresh();
}

/** What the stack runner tells, without what did not change. */
export function stackEvent(event: StackEvent): void {
  if (event.kind === 'resource' && (event.status === 'started' || event.operation === 'same')) return;
  detail(formatEvent(event));
}
