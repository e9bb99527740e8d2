/** What `up` and `destroy` take. */
import path from 'node:path';
import { ProjectCopy } from '../../project-copy';
import type { Figures } from '../figures';
import { STUDENT } from '../laboratory';
import { type Measurement, OURS } from '../measurement';
import { type Cost, measureCommand } from '../processes';

/** What the goals look for. */
export const UNCHANGED = '`up` without a change';

export const deploy: Measurement = {
  name: 'deploy',
  what: '`up` of a new stack, without a change, with one line of an action changed, and `destroy`; on a local platform that runs.',
  reference: '`node -e 0`',
  async run(laboratory, figures) {
    laboratory.setup.progress('copying the project');
    const copy = new ProjectCopy(path.join(laboratory.folder, 'project'));
    for (const _ of laboratory.rounds('up and destroy')) {
      const platform = await laboratory.makePlatform();
      await platform.start();
      const run = async (what: string, command: 'up' | 'destroy'): Promise<void> => {
        laboratory.goOn();
        const line = [copy.program, command, '--data', platform.options.data, '--student', STUDENT];
        add(figures, what, OURS, await measureCommand([process.execPath, ...line], laboratory.setup.signal));
        add(figures, what, 'node -e 0', await measureCommand([process.execPath, '-e', '0']));
      };
      try {
        await run('`up` of a new stack', 'up');
        await run(UNCHANGED, 'up');
        copy.addLine('v0/__main__.py', `# ${process.hrtime.bigint()}`);
        await run('`up` with one line changed', 'up');
        await run('`destroy`', 'destroy');
      } finally {
        await platform.remove();
      }
    }
  },
};

function add(figures: Figures, what: string, who: string, { cpu, wall }: Cost): void {
  figures.add({ what: `${what}: processor`, unit: 's' }, who, cpu);
  figures.add({ what: `${what}: clock`, unit: 's' }, who, wall);
}
