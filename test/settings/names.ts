/**
 * The names in the code of the actions: every literal, key and property that could be one of a parameter. Whatever parameter
 * the code reads is among them, so nobody has to list the parameters, and a new one is tried as soon as it is read.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { chooseDefaultPython, PROJECT_ROOT } from '../../infra/packaging';

const ACTIONS = path.join(PROJECT_ROOT, 'actions');
/** Capitals begin classes, constants, headers and the environment. */
const NAME = /^[a-z_][\w.-]{1,40}$/;

/** Strings and names of arguments, attributes and keywords. */
const PYTHON = `
import ast, json, sys
names = set()
for file in sys.argv[1:]:
    for node in ast.walk(ast.parse(open(file, encoding="utf-8").read())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)
        for field in ("arg", "attr"):
            if isinstance(getattr(node, field, None), str):
                names.add(getattr(node, field))
print(json.dumps(sorted(names)))
`;

/** All names, sorted. */
export function namesInActions(): string[] {
  const files = readdirSync(ACTIONS, { recursive: true, encoding: 'utf8' }).map((name) => path.join(ACTIONS, name));
  const python = execFileSync(chooseDefaultPython(), ['-c', PYTHON, ...files.filter((file) => file.endsWith('.py'))]);
  const names = new Set<string>(JSON.parse(python.toString()) as string[]);
  // What runs in a browser is no action.
  const nodejs = files.filter((file) => file.endsWith('.js') && !file.includes(`${path.sep}src${path.sep}`));
  for (const file of nodejs)
    collect(ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest), names);
  return [...names].filter((name) => NAME.test(name)).sort();
}

function collect(node: ts.Node, names: Set<string>): void {
  if (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) names.add(node.text);
  ts.forEachChild(node, (child) => collect(child, names));
}
