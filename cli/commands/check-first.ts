/** Options are checked by the rules of the stack config before a command begins. */
import type { StackOptions } from './options';

/** Makes the action of a command: loads it only when it is called, and checks its options before anything is started. */
export function checkFirst<O extends object>(
  load: () => Promise<(options: O) => Promise<void>>,
): (options: O) => Promise<void> {
  return async (options) => {
    const { checkOptions } = await import('./options.js');
    checkOptions(options as Partial<StackOptions>);
    const run = await load();
    await run(options);
  };
}
