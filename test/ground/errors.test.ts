/** What any error says, and what kind of error it is. */
import { expect, test } from 'vitest';
import { codeOf, hasCode, messageOf } from '../../ground/errors';

const withCode = (code: unknown) => Object.assign(new Error('no'), { code });

test('an error says its message, anything else that was thrown its text', () => {
  expect(messageOf(new TypeError('wrong'))).toBe('wrong');
  expect(messageOf('wrong')).toBe('wrong');
  expect(messageOf(undefined)).toBe('undefined');
});

test('a code is a text or a number of an error, and nothing else', () => {
  expect(codeOf(withCode('ENOENT'))).toBe('ENOENT');
  expect(codeOf(withCode(404))).toBe(404);
  for (const other of [withCode(undefined), withCode({}), new Error('no'), { code: 'ENOENT' }, null])
    expect(codeOf(other)).toBeUndefined();
});

test('an error has one of several codes, or none of them', () => {
  expect(hasCode(withCode('ENOENT'), 'EACCES', 'ENOENT')).toBe(true);
  expect(hasCode(withCode(404), 404)).toBe(true);
  expect(hasCode(withCode(404), '404')).toBe(false);
  expect(hasCode(new Error('no'), 'ENOENT')).toBe(false);
});
