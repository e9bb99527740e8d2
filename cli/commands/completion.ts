/** Completion for shells: `pdfmagic completion bash|zsh|fish`. Its script asks `pdfmagic complete -- WORDS` at each Tab. */
import type { Command } from 'commander';
import { GROUPS } from '../overview';

/** Declares it, after all others, since it completes those; the library is loaded only when it is asked. */
export async function declareCompletion(program: Command): Promise<void> {
  if (['completion', 'complete'].includes(process.argv[2] ?? '')) {
    const { default: addCompletion } = await import('@bomb.sh/tab/commander');
    addCompletion(program, { completionCommandName: 'completion' });
    return;
  }
  program.command('completion').helpGroup(GROUPS.more);
}
