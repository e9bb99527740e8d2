import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { CONTAINER_CONCURRENCY, PHOTOGRAPH_BYTES, REQUEST_BYTES } from '../../contract/limits';
import { PROJECT_ROOT } from '../../infra/packaging';

/** The value of a constant as Python reads it: a number, or a product of numbers. */
function readConstant(file: string, name: string): number {
  const program = `
import ast, operator, sys
def value(node):
    return node.value if isinstance(node, ast.Constant) else value(node.left) * value(node.right)
for node in ast.parse(open(sys.argv[1]).read()).body:
    if isinstance(node, ast.Assign) and node.targets[0].id == sys.argv[2]:
        print(value(node.value))`;
  return Number(execFileSync('python3', ['-c', program, path.join(PROJECT_ROOT, file), name]).toString());
}

test.each([
  ['actions/upload/__main__.py', '_MAX_BYTES'],
  ['actions/buckets/cloud_storage.py', 'MAX_OBJECT_BYTES'],
])('%s takes the largest photograph and no larger one', (file, name) => {
  expect(readConstant(file, name)).toBe(PHOTOGRAPH_BYTES);
});

test('a photograph in a request fits into what both platforms take', () => {
  const request = readConstant('cloudrun/service/body.py', 'MAX_BODY');
  expect(4 * Math.ceil(REQUEST_BYTES / 3)).toBeLessThan(request);
});

test('the container has as many threads as the service sends requests', () => {
  const text = readFileSync(path.join(PROJECT_ROOT, 'cloudrun/gunicorn.conf.py'), 'utf8');
  expect(text).toContain(`os.environ.get("CONCURRENCY") or "${CONTAINER_CONCURRENCY}"`);
});
