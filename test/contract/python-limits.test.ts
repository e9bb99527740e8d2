import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  CONTAINER_CONCURRENCY,
  CONVERSION_MEMORY,
  CONVERSION_TIMEOUT,
  PHOTOGRAPH_BYTES,
  REQUEST_BYTES,
} from '../../contract/limits';
import { PROJECT_ROOT } from '../../infra/packaging';
import { actionLimits, limits } from '../../platform/openwhisk/entity/limits';

/** The value of a constant as Python reads it: a number, or a product of numbers. */
function readConstant(file: string, name: string): number {
  const program = `
import ast, operator, sys
def value(node):
    return node.value if isinstance(node, ast.Constant) else value(node.left) * value(node.right)
for node in ast.parse(open(sys.argv[1]).read()).body:
    if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == sys.argv[2]:
        print(value(node.value))`;
  return Number(execFileSync('python3', ['-c', program, path.join(PROJECT_ROOT, file), name]).toString());
}

test.each([
  ['actions/upload/__main__.py', '_MAX_BYTES'],
  ['actions/buckets/cloud_storage.py', 'MAX_OBJECT_BYTES'],
])('%s takes the largest photograph and no larger one', (file, name) => {
  expect(readConstant(file, name)).toBe(PHOTOGRAPH_BYTES);
});

test('a photograph in a request fits into what both platforms take, which is the same', () => {
  const request = readConstant('cloudrun/service/body.py', 'MAX_BODY');
  expect(request).toBe(limits.payload);
  expect(4 * Math.ceil(REQUEST_BYTES / 3)).toBeLessThan(request);
});

test('ImageMagick ends, and there is time to answer, before the platform ends the conversion', () => {
  const file = 'actions/pdfmagic/imagemagick.py';
  const seconds = readConstant(file, 'TIME_LIMIT') + readConstant(file, 'RESERVE');
  expect(seconds * 1000).toBeLessThan(CONVERSION_TIMEOUT);
});

test('the container has as many threads as the service sends requests, and gives them as long', () => {
  const file = 'cloudrun/gunicorn.conf.py';
  const text = readFileSync(path.join(PROJECT_ROOT, file), 'utf8');
  expect(text).toContain(`os.environ.get("CONCURRENCY") or "${CONTAINER_CONCURRENCY}"`);
  expect(readConstant(file, 'timeout') * 1000).toBe(CONVERSION_TIMEOUT);
});

test('an action of the local platform may have the memory and the time of a conversion', () => {
  expect(actionLimits.memory.max).toBeGreaterThanOrEqual(CONVERSION_MEMORY);
  expect(actionLimits.timeout.max).toBeGreaterThanOrEqual(CONVERSION_TIMEOUT);
});

test('the READMEs say the limits that there are', () => {
  const read = (file: string) => readFileSync(path.join(PROJECT_ROOT, file), 'utf8');
  const actions = read('actions/README.md');
  expect(actions).toContain(`deployed with ${CONVERSION_MEMORY} MB of memory`);
  expect(actions).toContain(`above ${PHOTOGRAPH_BYTES / 2 ** 20} MiB in v2`);
  const cloudrun = read('cloudrun/README.md');
  expect(cloudrun).toContain(
    `concurrency **${CONTAINER_CONCURRENCY}**, request timeout ${CONVERSION_TIMEOUT / 1000} s`,
  );
});
