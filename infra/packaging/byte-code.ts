/**
 * Byte code of an action's Python files, made by the interpreter that will run them: a cold start compiles nothing. It is an
 * unchecked, hash-based `.pyc` (PEP 552), so it depends on no file time and holds for whatever time a file is unpacked with.
 *
 * Its name tells which Python it is for (PEP 3147), and its first bytes which form of byte code it is in: another interpreter
 * passes over it, and compiles the source. None is ever taken for what it is not.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type Entry, sortEntries } from './entries';
import type { Interpreter } from './interpreter';
import { InvalidPython } from './invalid-python';
import { runPython } from './python';

/**
 * Compiles each file of the list that the command line names: [source, name in the zip, target folder]. Says as JSON what was made,
 * [name in the zip, file], and what is wrong, [source, line, message]. Not isolated (-I): that would leave the order of sets in
 * byte code, up to Python 3.10, to chance; so the present folder is taken from the path first.
 */
const PROGRAM = `
import sys
sys.path[:] = [folder for folder in sys.path if folder]
import importlib.util, json, os, py_compile
made, wrong = [], []
with open(sys.argv[1], encoding="utf-8") as file:
    work = json.load(file)
for source, name, folder in work:
    cached = importlib.util.cache_from_source(name, optimization="")
    target = os.path.join(folder, cached)
    try:
        py_compile.compile(source, target, name, doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
        made.append([cached, target])
    except py_compile.PyCompileError as failure:
        error = failure.exc_value
        wrong.append([source, getattr(error, "lineno", None) or 1, getattr(error, "msg", None) or str(error) or type(error).__name__])
print(json.dumps({"made": made, "wrong": wrong}))
`;

interface Said {
  readonly made: ReadonlyArray<readonly [name: string, file: string]>;
  readonly wrong: ReadonlyArray<readonly [file: string, line: number, message: string]>;
}

/** OpenWhisk's Python runtime renames the first to the second before it imports it (bin/compile): it has byte code as both. */
const MAIN = ['__main__.py', 'main__.py'] as const;

/**
 * The byte code of an action's own Python files; nothing is executed.
 * @param folder a new one for it, removed by the caller
 * @throws InvalidPython naming file, line and message of each syntax error
 */
export async function compileSources(
  action: string,
  sources: readonly Entry[],
  interpreter: Interpreter,
  folder: string,
): Promise<Entry[]> {
  const doing = `compiling the Python sources of ${action}`;
  const { made, wrong } = await compile(doing, sources, interpreter, folder);
  if (wrong.length === 0) return made.map(([name, file]) => ({ name, file }));
  const lines = new Set(wrong.map(([file, line, message]) => `${file}:${line}: ${message}`));
  throw new InvalidPython([action], interpreter.version, [...lines]);
}

/**
 * Writes the byte code of libraries beside them. What does not compile is for another Python, and has none.
 * @param folder that they are in: each `name` is a path inside it
 */
export async function compileLibraries(
  title: string,
  libraries: readonly Entry[],
  interpreter: Interpreter,
  folder: string,
): Promise<void> {
  await compile(`compiling ${title}`, libraries, interpreter, folder);
}

async function compile(
  doing: string,
  entries: readonly Entry[],
  interpreter: Interpreter,
  folder: string,
): Promise<Said> {
  const python = sortEntries(entries).filter(({ name }) => name.endsWith('.py'));
  const work = python.flatMap(({ name, file }) =>
    (name === MAIN[0] ? MAIN : [name]).map((compiled) => [file, compiled, folder]),
  );
  await mkdir(folder, { recursive: true });
  const list = path.join(folder, '.byte-code.json');
  await writeFile(list, JSON.stringify(work));
  const elsewhere = python
    .map(({ file }) => path.dirname(file))
    .filter((at) => path.relative(folder, at).startsWith('..'));
  const mounts = { read: elsewhere, write: [folder] };
  const said = await runPython(interpreter, ['-s', '-W', 'ignore', '-c', PROGRAM, list], doing, mounts);
  await rm(list);
  return JSON.parse(said) as Said;
}
