/** Finds syntax errors of an action's Python sources when its zip is made, not at its first invocation. */
import path from 'node:path';
import type { Entry } from './entries';
import { PackagingError } from './errors';
import type { Interpreter } from './interpreter';
import { runPython } from './python';

/** Compiles each file named on the command line in memory; says what is wrong as a JSON list of [file, line, message]. */
const PROGRAM = `
import json, sys
wrong = []
for file in sys.argv[1:]:
    with open(file, "rb") as source:
        text = source.read()
    try:
        compile(text, file, "exec", dont_inherit=True)
    except SyntaxError as error:
        wrong.append([file, error.lineno or 1, error.msg])
    except (ValueError, MemoryError, RecursionError) as error:
        wrong.append([file, 1, str(error) or type(error).__name__])
print(json.dumps(wrong))
`;

/**
 * Compiles the Python files among `entries` with the interpreter that is to run them; nothing is executed or written.
 * @throws PackagingError naming file, line and message of each error
 */
export async function checkSyntax(action: string, entries: readonly Entry[], interpreter: Interpreter): Promise<void> {
  const files = entries.filter(({ name }) => name.endsWith('.py')).map(({ file }) => file);
  if (files.length === 0) return;
  const args = ['-I', '-W', 'ignore', '-c', PROGRAM, ...files];
  const mounts = { read: files.map((file) => path.dirname(file)), write: [] };
  const said = await runPython(interpreter, args, `checking the Python sources of ${action}`, mounts);
  const wrong = JSON.parse(said) as readonly (readonly [file: string, line: number, message: string])[];
  if (wrong.length === 0) return;
  const lines = wrong.map(([file, line, message]) => `${file}:${line}: ${message}`);
  throw new PackagingError(`${action} is not valid Python ${interpreter.version}:\n${lines.join('\n')}`);
}
