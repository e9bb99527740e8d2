import { describe, expect, test } from 'vitest';
import { fitName, toLabelValue } from '../../infra/parts/google-cloud/names';

describe('names on Google Cloud', () => {
  test('are the student and what it is', () => {
    expect(fitName(30, 'ada', 'convert')).toBe('ada-convert');
  });

  test('fit, whatever the length of the student, and stay apart', () => {
    const [one, two] = [`${'a'.repeat(50)}b`, `${'a'.repeat(50)}c`];
    for (const student of [one, two]) {
      expect(fitName(30, student, 'pdfmagic-node')).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
    }
    expect(fitName(30, one, 'convert')).not.toBe(fitName(30, two, 'convert'));
    expect(fitName(30, one, 'convert')).toBe(fitName(30, one, 'convert'));
  });

  test('never have two dashes where the cut is', () => {
    expect(fitName(30, `abcdefghijk-${'m'.repeat(30)}`, 'pdfmagic-node')).not.toContain('--');
  });

  test('labels hold what Google allows', () => {
    expect(toLabelValue('Ada/Dev.1')).toBe('ada-dev-1');
    expect(toLabelValue('x'.repeat(80))).toHaveLength(63);
  });
});
