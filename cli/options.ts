/** Options that several commands share, and what a number must be. Light: `--help` loads it. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { PLATFORMS } from '../contract/ways';
import { projectPath } from './project';

/** Reads a whole number from `least` to `most`. */
export function parseWholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`);
  };
}

/** Says which deployed stack a command is for. */
export function addStackChoice(command: Command): Command {
  return command
    .optionsGroup('Which stack (default: the one on this machine, else the one selected in Pulumi):')
    .option('--data <folder>', 'data folder of a local platform')
    .option('--stack <name>', 'name of a Pulumi stack')
    .option('--outputs <file>', 'outputs of a stack as JSON; - reads stdin')
    .optionsGroup('Common options:')
    .option('--insecure', 'accept any TLS certificate (unsafe)')
    .option('--json', 'print JSON');
}

const port = parseWholeNumber(1, 65_535);
const dataFolder = new Option('--data <folder>', 'its data folder').default(
  projectPath('.pdfmagic'),
  '.pdfmagic of the project',
);
const student = new Option('--student <name>', 'name of the stack and its buckets').default('demo');
const platformChoice = new Option('--platform <name>', 'what runs the service (default: as deployed, else openwhisk)');
platformChoice.choices(PLATFORMS);
/** How the local platform runs, beside where its data is. */
const startOptions = [
  new Option('--port <number>', 'port of OpenWhisk (default: 3233, later the one last used)').argParser(port),
  new Option(
    '--storage-port <number>',
    'port of the storage emulator (default: 4443, later the one last used; with --port, the port after it)',
  ).argParser(port),
  new Option(
    '--sandbox <kind>',
    'how actions are isolated (default: auto, which is bubblewrap where it works)',
  ).choices(['auto', 'bubblewrap', 'process']),
  new Option(
    '--docker',
    'run Python actions and the Cloud Run service in their real images, on the local Docker engine',
  ),
  new Option('--base-image <name>', 'with --docker: base image of the actions'),
  new Option('--cloudrun-base-image <name>', 'with --docker: base image of the Cloud Run service'),
];

/** Says how the local platform runs. */
export function addPlatform(command: Command): Command {
  return addAll(command.optionsGroup('Local platform:'), [dataFolder, ...startOptions]);
}

/** Says whose stack on the local platform a command is for, and what runs the service. */
export function addStudent(command: Command): Command {
  return addPlatform(addAll(command.optionsGroup('Stack:'), [student, platformChoice]));
}

/** The same for a command that leaves the stack where it is deployed. */
export function addDeployedStack(command: Command): Command {
  return addUnused(addPlatform(addAll(command.optionsGroup('Stack:'), [student])), [platformChoice]);
}

/** The same for a command that starts no platform either. */
export function addRunningStack(command: Command): Command {
  const stack = addAll(command.optionsGroup('Stack:'), [student]);
  return addUnused(addAll(stack.optionsGroup('Local platform:'), [dataFolder]), [platformChoice, ...startOptions]);
}

/** Takes options that the help leaves out, so that those of one command can be pasted after the next. */
function addUnused(command: Command, options: readonly Option[]): Command {
  return addAll(
    command,
    options.map((option) => Object.assign(Object.create(Option.prototype) as Option, option).hideHelp()),
  );
}

function addAll(command: Command, options: readonly Option[]): Command {
  return options.reduce((all, option) => all.addOption(option), command);
}

/** Lets a command that deploys move the stack to the other platform. */
export function addMove(command: Command, where = 'another --platform'): Command {
  return command.option('--move', `move the stack to ${where} without asking; deletes it on the old one`);
}

/** Adds an example below the help of a command. */
export function addExample(command: Command, ...lines: readonly string[]): Command {
  return command.addHelpText(
    'after',
    `\n${lines.length > 1 ? 'Examples' : 'Example'}:\n${lines.map((line) => `  ${line}`).join('\n')}`,
  );
}
