/** The commands that deploy the stack on this machine: `start`, `up`, `preview`, `refresh`, `destroy`, `outputs`. */
import type { Command } from 'commander';
import { addDeployedStack, addExample, addMove, addRunningStack, addStudent } from '../options';
import { GROUPS } from '../overview';
import { projectPath } from '../project';
import { checkFirst } from './check-first';

/** Declares them. What they do is loaded when one is called: it is heavy. */
export function declareStack(program: Command): void {
  const command = (name: string, summary: string, group: string = GROUPS.stack): Command =>
    program
      .command(name)
      .summary(summary)
      .description(`${summary}.`.replace(/^./, (c) => c.toUpperCase()))
      .helpGroup(group);
  const load = () => import('./stack.js');

  const start = command('start', 'start the local platform, deploy, and convert a photo in every way', GROUPS.first)
    .option('--once', 'exit after the table')
    .option('--photo <file>', 'JPEG to convert', projectPath('examples/photo.jpg'))
    .option('--output <folder>', 'where the PDFs go', 'out');
  addExample(addStudent(addMove(start)), 'pdfmagic start --once --photo photo.jpg').action(
    checkFirst(async () => (await import('./start.js')).start),
  );

  const replace = ['--replace <name...>', 'replace these resources even if unchanged (names or URNs)'] as const;
  const up = command('up', 'deploy the stack, or apply what has changed').option(...replace);
  addExample(addStudent(addMove(up)), 'pdfmagic up --student ada').action(checkFirst(async () => (await load()).up));

  const preview = command('preview', 'show what `up` would change').option(...replace);
  addExample(addStudent(preview), 'pdfmagic preview').action(checkFirst(async () => (await load()).preview));

  const refresh = addDeployedStack(command('refresh', 'detect changes made outside the stack'));
  addExample(refresh, 'pdfmagic refresh && pdfmagic up').action(checkFirst(async () => (await load()).refresh));

  const destroy = addDeployedStack(command('destroy', 'remove everything that is deployed'));
  addExample(destroy, 'pdfmagic destroy --student ada').action(checkFirst(async () => (await load()).destroy));

  const outputs = command('outputs', 'print where everything is, and commands to paste').option('--json', 'print JSON');
  addExample(addRunningStack(outputs), 'pdfmagic outputs --json').action(
    checkFirst(async () => (await load()).outputs),
  );
}
