/** What each command takes before it says what it has to say. */

import { PROGRAM } from '../../commands/stack-of';
import { type Measurement, OURS } from '../measurement';
import { measureCommand } from '../processes';

/** What the goals look for. */
export const NODE = 'node -e 0';

export const commands: Measurement = {
  name: 'commands',
  what: 'From the start to the end of commands that do little: processor time, and time by the clock.',
  reference: '`node -e 0`: Node.js, which starts and ends',
  async run(laboratory, figures) {
    const { platform } = await laboratory.deployed();
    const data = ['--data', platform.options.data];
    const lines = [
      ['--version'],
      ['--help'],
      ['convert', '--help'],
      ['completion', 'bash'],
      ['outputs', ...data, '--student', 'bench'],
      ['status', ...data],
      ['logs', ...data],
      ['open', '--print', ...data],
    ];
    for (const _ of laboratory.rounds('commands')) {
      for (let run = 0; run < Math.min(3, laboratory.setup.pace.runs); run += 1) {
        for (const line of lines) {
          laboratory.goOn();
          const what = `\`pdfmagic ${line.slice(0, line.includes('--data') ? line.indexOf('--data') : undefined).join(' ')}\``;
          const sides = [
            { who: OURS, command: [process.execPath, PROGRAM, ...line] },
            { who: NODE, command: [process.execPath, '-e', '0'] },
          ];
          for (const { who, command } of sides) {
            const { cpu, wall } = await measureCommand(command, laboratory.setup.signal);
            figures.add({ what: `${what}: processor`, unit: 's' }, who, cpu);
            figures.add({ what: `${what}: clock`, unit: 's' }, who, wall);
          }
        }
      }
    }
  },
};
