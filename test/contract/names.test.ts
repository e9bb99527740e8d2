import { execFileSync } from 'node:child_process';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pdfName, recordName } from '../../contract/names';
import { ROOT } from '../e2e/machine';

/** What the actions themselves would name the outputs of these objects; undefined for a name that is none, or gets too long. */
function namesOfActions(names: readonly string[]): ([string, string] | null)[] {
  const program = `
import json, sys
from buckets.names import pdf_name, record_name
from pdfmagic.errors import ActionError
def both(name):
    try:
        return [pdf_name(name), record_name(name)]
    except ActionError:
        return None
print(json.dumps([both(name) for name in json.load(sys.stdin)]))`;
  const env = { ...process.env, PYTHONPATH: path.join(ROOT, 'actions'), PYTHONDONTWRITEBYTECODE: '1' };
  return JSON.parse(execFileSync('python3', ['-c', program], { input: JSON.stringify(names), env }).toString());
}

const isUnicode = (text: string) => !/\p{Surrogate}/u.test(text);

test('PDFs and records are looked for under the names that v2 gives them', () => {
  const name = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter(isUnicode),
    fc.string({ minLength: 180, maxLength: 260 }),
    fc.string({ unit: 'grapheme', minLength: 300, maxLength: 400 }).filter(isUnicode),
  );
  const ending = fc.constantFrom('', '.jpg', '.JPEG', '.Jpeg', '.png', '.jpg.jpg', '.jpg ', '/a.jpg');
  const names = fc.sample(
    fc.tuple(name, ending).map(([stem, end]) => stem + end),
    500,
  );
  const expected = namesOfActions(names);
  const known = names.filter((_, index) => expected[index] !== null);
  expect(known.length).toBeGreaterThan(100);
  expect(known.map((one) => [pdfName(one), recordName(one)])).toEqual(expected.filter((pair) => pair !== null));
});
