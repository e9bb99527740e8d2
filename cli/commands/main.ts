/** The commands of this machine: `npm start`, `npm run platform`, `npm run destroy` and the like call this. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { hasCode, messageOf } from '../../ground/errors';
import { KEYS, PLATFORMS } from '../../infra/config';
import { CLOUDRUN_BASE_IMAGE } from '../../infra/image/recipe';
import { DATA_DIR } from '../../infra/targets/local/platform-file';
import { PORT, STORAGE_PORT } from '../../platform/composition/ports';
import { bench } from './bench';
import { compare } from './compare';
import { platform } from './platform';
import { runtimePackages } from './runtime-packages';
import { destroy, outputs, preview, refresh, up } from './stack';
import { start } from './start';
import { stressTest } from './stress';
import { tortureTest } from './torture';

function port(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535)
    throw new InvalidArgumentError('A port is 1 to 65535.');
  return number;
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > 10_000) throw new InvalidArgumentError('It is 0 to 10000.');
  return number;
}

/** The rule of the stack config, asked for before anything is started. */
function student(text: string): string {
  const { schema, allowed } = KEYS.student;
  if (schema.safeParse(text).success) return text;
  throw new InvalidArgumentError(`A student is ${allowed}.`);
}

/** Takes the name of a container image. */
function image(allowed: string): (text: string) => string {
  return (text) => {
    if (KEYS.baseImage.schema.safeParse(text).success) return text;
    throw new InvalidArgumentError(`It must be ${allowed}.`);
  };
}

function command(name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .option('--data <folder>', 'data folder of the platform', DATA_DIR)
    .option('--port <number>', `port of OpenWhisk (default: the last one, at first ${PORT})`, port)
    .option(
      '--storage-port <number>',
      `port of the storage emulator (default: the last one, at first ${STORAGE_PORT}; beside another --port, the next one)`,
      port,
    )
    .addOption(new Option('--sandbox <kind>', 'how actions are kept apart').choices(['auto', 'bubblewrap', 'process']))
    .option(
      '--docker',
      'run Python actions, and the service of --platform cloudrun, as containers of the Docker engine here, in their real images',
    )
    .option(
      '--base-image <name>',
      `with --docker: what the image of the actions is built on (default: ${KEYS.baseImage.default})`,
      image(KEYS.baseImage.allowed),
    )
    .option(
      '--cloudrun-base-image <name>',
      `with --docker: what the image of the service is built on (default: ${CLOUDRUN_BASE_IMAGE})`,
      image('the Python image that cloudrun/Dockerfile builds on'),
    );
}

const withStudent = (c: Command): Command =>
  c
    .option('--student <name>', 'whose stack', student, 'demo')
    .addOption(
      new Option('--platform <name>', 'what the conversion runs on').choices([...PLATFORMS]).default('openwhisk'),
    );

const program = new Command('pdfmagic')
  .description('PDFMagic on this machine')
  .showHelpAfterError('(--help lists the options)');
withStudent(command('start', 'start the platform, deploy the stack, convert a photograph in four ways'))
  .option('--once', 'end after the table, also on a terminal')
  .option('--photo <file>', 'the JPEG to convert', 'examples/photo.jpg')
  .option('--output <folder>', 'where the PDFs go', 'out')
  .action(start);
command('platform', 'run the platform alone, until Ctrl-C')
  .option('--host <address>', 'address to listen on (default: 127.0.0.1; with --docker the one that containers know)')
  .action(platform);
const withReplace = (c: Command): Command =>
  c.option('--replace <name...>', 'make these resources anew although nothing about them has changed (names, or URNs)');
withReplace(withStudent(command('up', 'deploy the stack'))).action(up);
withReplace(withStudent(command('preview', 'say what `up` would do'))).action(preview);
withStudent(command('refresh', 'look for changes made behind the stack')).action(refresh);
withStudent(command('destroy', 'remove all that was deployed')).action(destroy);
withStudent(command('outputs', 'print where everything is, and commands to paste'))
  .option('--json', 'print all outputs as JSON')
  .action(outputs);
withStudent(command('bench', 'measure warm conversions beside bare convert'))
  .option('--photo <file>', 'the JPEG to convert', 'examples/photo.jpg')
  .option('--json <file>', 'where the figures go', 'out/bench.json')
  .action(bench);
program
  .command('stress')
  .description('hundreds of files at once on a platform of its own, which is killed meanwhile; all are accounted for')
  .option('--photos <number>', 'JPEGs of mixed sizes', count, 500)
  .option('--broken <number>', 'files that are none', count, 20)
  .option('--duplicates <number>', 'JPEGs that are uploaded a second time', count, 5)
  .option('--kills <number>', 'how often the platform is killed in the second run', count, 3)
  .option('--json <file>', 'where the figures go', 'out/stress.json')
  .action(stressTest);
program
  .command('torture')
  .description(
    'kill platform, emulator, sandboxes and runner under load, by chance; all that was accepted is accounted for',
  )
  .option('--kills <number>', 'how many', count, 100)
  .option('--seed <number>', 'the same seed makes the same kills', count, 1)
  .option('--photos <number>', 'JPEGs of mixed sizes', count, 120)
  .option('--broken <number>', 'files that are none', count, 12)
  .option('--json <file>', 'where the account goes', 'out/torture.json')
  .action(tortureTest);
program
  .command('runtime-packages')
  .description("install the packages that OpenWhisk's own Python and Node.js runtimes bring along")
  .action(runtimePackages);

withStudent(command('compare', 'measure OpenWhisk beside Cloud Run, warm and cold'))
  .option('--photo <file>', 'the JPEG to convert', 'examples/photo.jpg')
  .option('--json <file>', 'where the figures go', 'out/compare.json')
  .action(compare);

// A reader that has seen enough (`| head`) does not stop the work.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

program.parseAsync().catch((error: unknown) => {
  console.error(`\nerror: ${messageOf(error)}`);
  if (hasCode(error, 'EADDRINUSE')) {
    console.error('Another port: npm start -- --port 3234; the storage then takes the next one.');
  }
  process.exitCode = 1;
});
