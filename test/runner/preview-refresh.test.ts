import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatEvent, formatSummary } from '../../runner';
import { type Laboratory, openLaboratory } from './laboratory';

let lab: Laboratory;
beforeEach(() => {
  lab = openLaboratory();
});
afterEach(() => lab.close());

/** The events since the last look, as people see them. */
const lines = () => lab.events.splice(0).map(formatEvent);

describe('preview', () => {
  it('says what up would do, calls nothing that changes, and keeps nothing', async () => {
    const program = (name: string) => ({
      a: { properties: { name, password: { secret: 'never shown' } } },
      b: { properties: { name: 'b', of: { ref: 'a.address' } } },
    });
    lab.program(program('a'), { where: { ref: 'b.address' }, fixed: 'text' });
    const first = await lab.preview();
    expect(lines()).toEqual(['+ file-cloud:Thing a will be created', '+ file-cloud:Thing b will be created']);
    expect(first).toEqual({ changes: { create: 2 }, outputs: { where: '[unknown]', fixed: 'text' } });
    expect(lab.calls()).toEqual([]);
    expect(lab.state().resources).toEqual([]);

    await lab.up();
    lab.program({ ...program('a2'), c: { properties: { name: 'c', size: 2 } } }, { where: { ref: 'a.address' } });
    lab.calls();
    lines();
    const before = lab.stateText();
    const second = await lab.preview();
    expect(lab.calls()).toEqual([]);
    expect(lab.stateText()).toBe(before);
    expect(second).toEqual({ changes: { replace: 2, create: 1 }, outputs: { where: '[unknown]' } });
    expect(formatSummary(second, true)).toBe('1 to create, 2 to replace');
    expect(formatSummary(second)).toBe('1 created, 2 replaced');
    expect(lines()).toEqual(
      expect.arrayContaining([
        '- file-cloud:Thing b will be deleted',
        '± file-cloud:Thing a will be replaced (name)',
        '± file-cloud:Thing b will be replaced',
        '+ file-cloud:Thing c will be created',
      ]),
    );

    lab.program({ a: { properties: { name: 'a', size: 5, password: { secret: 'never shown' } } } });
    expect((await lab.preview()).changes).toEqual({ update: 1, delete: 1 });
    expect(lines()).toEqual(['~ file-cloud:Thing a will be updated (size)', '- file-cloud:Thing b will be deleted']);
    expect(lab.calls()).toEqual([]);
  });
});

describe('refresh', () => {
  it('finds what was changed or deleted behind the stack, and up mends it', async () => {
    lab.program({
      a: { properties: { name: 'a' } },
      b: { properties: { name: 'b', of: { ref: 'a.address' } } },
      c: { properties: { name: 'c', size: 4 } },
    });
    await lab.up();
    const { a, c } = lab.objects();
    lab.setObjects({ a: a ?? {}, c: { ...c, size: 7 } });
    lab.calls();
    lines();
    const found = await lab.refresh();
    expect(found.changes).toEqual({ same: 1, gone: 1, changed: 1 });
    expect(formatSummary(found)).toBe('1 changed, 1 gone, 1 unchanged');
    expect(lines()).toEqual(
      expect.arrayContaining(['- file-cloud:Thing b is gone', '~ file-cloud:Thing c has changed (size)']),
    );
    expect((await lab.up()).changes).toEqual({ same: 1, create: 1, update: 1 });
    expect(lab.objects().c).toMatchObject({ size: 4 });
    expect((await lab.refresh()).changes).toEqual({ same: 3 });
  });
});
