/** Further commands: the local platform alone, measurements, and trials by force. */
import { type Command, Option } from 'commander';
import { addExample, addMove, addPlatform, addRunningStack, parseWholeNumber } from '../options';
import { GROUPS } from '../overview';
import { projectPath } from '../project';
import type { Terminal } from '../terminal';
import { checkFirst } from './check-first';

/** Declares them. What they do is loaded when one is called: it is heavy. */
export function declareMore(program: Command, terminal: Terminal): void {
  const command = (name: string, description: string): Command =>
    program.command(name).description(description).helpGroup(GROUPS.more);
  const measuring = (name: string, description: string): Command =>
    command(name, description)
      .option('--photo <file>', 'JPEG to convert', projectPath('examples/photo.jpg'))
      .option('--json <file>', 'where the figures go', `out/${name}.json`);
  const count = parseWholeNumber(0, 10_000);

  const platform = command('platform', 'Run the local platform, without a stack, until Ctrl-C.').option(
    '--host <address>',
    'address to listen on (default: 127.0.0.1; with --docker, one that containers can reach)',
  );
  addExample(addPlatform(platform), 'pdfmagic platform --port 3234').action(
    checkFirst(async () => (await import('./platform.js')).platform),
  );

  const bench = command('bench', 'Measure a separate local platform beside ImageMagick and other bare tools.')
    .option('--list', 'list the measurements')
    .option('--only <names...>', 'only these measurements')
    .option('--quick', 'a short look: fewer turns, sizes and numbers')
    .addOption(new Option('--tiny', 'each measurement once, to see whether it works').hideHelp())
    .option('--photo <file>', 'JPEG to convert (default: three that the bench makes, of 66 kB, 235 kB and 3 MB)')
    .option('--against <url>', 'also do the work that goes by HTTP on another OpenWhisk, by the URL of its API host')
    .option('--auth <key>', 'its key, UUID:KEY (default: OPENWHISK_AUTH)')
    .option('--insecure', 'with --against: accept any TLS certificate (unsafe)')
    .option('--json <file>', 'where the figures go', 'out/bench.json')
    .option('--docs [folder]', 'also write performance.md with its pictures (default: docs of the project)');
  addExample(bench, 'pdfmagic bench --quick', 'pdfmagic bench --only latency rate').action(
    checkFirst(async () => (await import('./bench.js')).bench, terminal),
  );

  const compare = measuring('compare', 'Compare OpenWhisk with Cloud Run, on a local platform that is running.');
  addExample(addRunningStack(addMove(compare, 'OpenWhisk')), 'pdfmagic compare').action(
    checkFirst(async () => (await import('./compare.js')).compare, terminal),
  );

  const stress = command(
    'stress',
    'Start a separate local platform, send it hundreds of files at once, kill it meanwhile, and account for every file.',
  )
    .option('--photos <number>', 'JPEGs of mixed sizes', count, 500)
    .option('--broken <number>', 'files that are not JPEGs', count, 20)
    .option('--duplicates <number>', 'JPEGs to upload twice', count, 5)
    .option('--kills <number>', 'how often to kill the local platform in the second run', count, 3)
    .option('--json <file>', 'where the figures go', 'out/stress.json');
  addExample(stress, 'pdfmagic stress --photos 50').action(
    checkFirst(async () => (await import('./stress.js')).stressTest, terminal),
  );

  const torture = command(
    'torture',
    'Start a separate local platform, kill it and its parts at random under load, make faults, and account for everything.',
  )
    .addOption(new Option('--kills <number>', 'how many kills (default: 100)').argParser(count).conflicts('minutes'))
    .option('--minutes <number>', 'how long, instead of a number of kills', parseWholeNumber(1, 1440))
    .option('--seed <number>', 'the same seed repeats the same kills and faults', count, 1)
    .option('--faults <names>', 'which faults beside the kills: all, none, or names with commas between', 'all')
    .option('--docs', 'write what came of the faults into docs/reliability.md')
    .option('--photos <number>', 'JPEGs of mixed sizes', count, 120)
    .option('--broken <number>', 'files that are not JPEGs', count, 12)
    .option('--json <file>', 'where the figures go', 'out/torture.json');
  addExample(torture, 'pdfmagic torture --minutes 5 --seed 7').action(
    checkFirst(async () => (await import('./torture.js')).tortureTest, terminal),
  );

  const packages = command(
    'runtime-packages',
    'Install the packages that come with OpenWhisk’s own Python and Node.js runtimes.',
  );
  addExample(packages, 'pdfmagic runtime-packages').action(
    checkFirst(async () => (await import('./runtime-packages.js')).runtimePackages, terminal),
  );
}
