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
import {
  ALBUM_PHOTOGRAPHS,
  MARGIN,
  ON_ERROR,
  ORIGINAL,
  PAGE_POINTS,
  PAGES,
  QUALITY,
  REENCODED,
} from '../../contract/options';
import { PROJECT_ROOT } from '../../infra/packaging';
import { actionLimits, limits } from '../../platform/openwhisk/entity/limits';
import { TEMPORARY_SPACE } from '../../sandbox/bounds';

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

/** The same of any constant: text, a list, a dictionary whose values may be computed. */
function readText(file: string, name: string): unknown {
  const program = `
import ast, json, sys
def value(node):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple):
        return [value(item) for item in node.elts]
    return {value(key): None for key in node.keys}
for node in ast.parse(open(sys.argv[1]).read()).body:
    targets = node.targets[0] if isinstance(node, ast.Assign) else None
    pairs = zip(targets.elts, node.value.elts) if isinstance(targets, ast.Tuple) else [(targets, getattr(node, 'value', None))]
    for target, given in pairs:
        if target is not None and ast.unparse(target) == sys.argv[2]:
            print(json.dumps(value(given)))`;
  return JSON.parse(execFileSync('python3', ['-c', program, path.join(PROJECT_ROOT, file), name]).toString());
}

test.each([
  ['actions/upload/grant.py', '_MAX_BYTES'],
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

test('what a caller may ask of a conversion is the same in Python', () => {
  const file = 'actions/pdfmagic/options.py';
  expect(readText(file, 'ORIGINAL')).toBe(ORIGINAL);
  expect([readText(file, 'LEAST_QUALITY'), readText(file, 'MOST_QUALITY')]).toEqual([QUALITY.least, QUALITY.most]);
  expect([readText(file, 'LEAST_PAGE'), readText(file, 'MOST_PAGE')]).toEqual([PAGE_POINTS.least, PAGE_POINTS.most]);
  expect([0, readText(file, 'MOST_MARGIN')]).toEqual([MARGIN.least, MARGIN.most]);
  expect([readText(file, 'PICTURE'), ...Object.keys(readText(file, 'PAPERS') as object)]).toEqual(PAGES);
  expect(readText('actions/v2/several.py', '_ON_ERROR')).toEqual(ON_ERROR);
  expect(readText('actions/v2/several.py', 'MAX_PHOTOGRAPHS')).toBe(ALBUM_PHOTOGRAPHS);
  expect(readText('actions/pdfmagic/body.py', 'REENCODED')).toBe(REENCODED.header);
  expect(readText('actions/buckets/source.py', 'REENCODED')).toBe(REENCODED.field);
});

test('the most pixels are said alike in code, policy and README, and have the room that they need', () => {
  const read = (file: string) => readFileSync(path.join(PROJECT_ROOT, file), 'utf8');
  const pixels = readConstant('actions/pdfmagic/imagemagick.py', 'MAX_PIXELS');
  const said = `${pixels / 1e6}`;
  expect(read('actions/README.md')).toContain(`${said} million pixels`);
  expect(read('runtime/policy.xml')).toContain(`${said} megapixels`);
  expect(read('runtime/README.md')).toContain(`${said} million pixels`);
  expect(pixels).toBeGreaterThanOrEqual(8192 * 6144);
  const policy = (name: string) => new RegExp(`name="${name}" value="([0-9.]+)`).exec(read('runtime/policy.xml'))?.[1];
  const disk = Number(policy('disk')) * 2 ** 20;
  // A grey picture is there twice: 8 bytes a pixel, and 10.
  expect(disk).toBeGreaterThan(18 * pixels);
  expect(disk).toBeLessThan(TEMPORARY_SPACE - 2 ** 27);
  const side = readConstant('actions/pdfmagic/frames.py', 'MAX_SIDE');
  expect([policy('width'), policy('height')].map((value) => Number(value) * 1000)).toEqual([side, side]);
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
