/** Shows what goes on, one line for each thing done: the same on a terminal and in a log, and never a secret. */
import { formatEvent, type StackEvent } from '../../runner';

/** A new step of a command. */
export function step(text: string): void {
  console.log(`\n${text}`);
}

/** A line that belongs to the step under way. */
export function detail(text: string): void {
  console.log(`  ${text}`);
}

/** What the stack runner tells, without what did not change. */
export function stackEvent(event: StackEvent): void {
  if (event.kind === 'resource' && (event.status === 'started' || event.operation === 'same')) return;
  detail(formatEvent(event));
}
