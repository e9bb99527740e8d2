import { describe, expect, it } from 'vitest';
import { secret } from '../../runner/state/properties';
import { Redactor } from '../../runner/state/redact';

const KEY = 'abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrst';

describe('what others print', () => {
  it('shows no secret, whole or encoded', () => {
    const redactor = new Redactor();
    redactor.learn({ auth: secret(KEY) });
    const printed = `${KEY} ${Buffer.from(KEY).toString('base64')}`;
    expect(redactor.redact(printed)).toBe('[secret] [secret]');
  });

  it('shows what is said in clear elsewhere, also when a secret holds it: the name of a bucket', () => {
    const redactor = new Redactor();
    redactor.learn({ settings: secret({ bucket: 'ada-convert-in', key: KEY }) });
    expect(redactor.redact('ada-convert-in')).toBe('[secret]');
    redactor.learn({ name: 'ada-convert-in' });
    expect(redactor.redact(`ada-convert-in ${KEY}`)).toBe('ada-convert-in [secret]');
  });
});
