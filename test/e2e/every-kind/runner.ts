/** Runs the runner of runner on a project, in a process that a test can kill: `runner.ts OPERATION OPTIONS-AS-JSON`. */
import * as runner from '../../../runner';

const [operation, options] = process.argv.slice(2);
const operations = { up: runner.up, refresh: runner.refresh, destroy: runner.destroy };

/** @throws Error for another operation */
function operationOf(name: string | undefined) {
  if (name === 'up' || name === 'refresh' || name === 'destroy') return operations[name];
  throw new Error(`no operation ${name}`);
}

const given = JSON.parse(options ?? '{}') as runner.StackOptions;
operationOf(operation)({ ...given, onEvent: (event) => console.log(runner.formatEvent(event)) }).then(
  (result) => console.log(JSON.stringify(result.changes)),
  (error: Error) => {
    console.log(error.message);
    process.exitCode = 1;
  },
);
