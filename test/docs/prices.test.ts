/** The prices of docs/google-cloud.md add up, and are those of the default region, machine and disk; other pages say the same. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { GOOGLE_CLOUD_KEYS as KEYS } from '../../infra/config/keys/google-cloud';

const read = (file: string) => readFileSync(path.join(__dirname, '../..', file), 'utf8');
const PAGE = read('docs/google-cloud.md');
const HOURS_OF_A_MONTH = 730;

/** The least and the most of a row, per hour. */
function range(cell: string): [number, number] {
  const [least = Number.NaN, most = least] = numbers(cell);
  return [least, most];
}

function numbers(text: string): number[] {
  return (text.match(/\d+\.\d+/g) ?? []).map(Number);
}

const rows = PAGE.slice(PAGE.indexOf('| what | per hour |'))
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((_cells, index, all) => index < all.findIndex((cells) => cells.length < 3));

test('the rows make up the sum, and the sum a day', () => {
  const parts = rows.slice(0, -1).map(([, , cell = '']) => range(cell));
  const sum = (index: 0 | 1) => parts.reduce((all, part) => all + part[index], 0);
  const [, what, cell = ''] = rows.at(-1) ?? [];
  expect(what).toBe('**together**');
  const [least = 0, most = 0, leastOfDay = 0, mostOfDay = 0] = numbers(cell);
  expect([least, most]).toEqual([sum(0), sum(1)].map((part) => expect.closeTo(part, 3)));
  expect([leastOfDay, mostOfDay]).toEqual([expect.closeTo(least * 24, 2), expect.closeTo(most * 24, 2)]);
});

test('it is about what is made by default', () => {
  expect(PAGE).toContain(`list prices of the default region ${KEYS.zone.default.slice(0, -2)}`);
  const machine = rows.find(([, what]) => what?.includes(KEYS.invokerMachineType.default));
  expect(machine?.[1]).toMatch(/^one node/);
  expect(KEYS.invokerNodesMax.default).toBe('1');
  expect('default' in KEYS.coreMachineType).toBe(false);
  const disks = rows.find(([, what]) => what?.includes(`${KEYS.diskSize.default} GB for the node`));
  const perHour = ((Number(KEYS.diskSize.default) + 4) * 0.1) / HOURS_OF_A_MONTH;
  expect(range(disks?.[2] ?? '')[0]).toBeCloseTo(perHour, 3);
});

test('OpenWhisk and Cloud Run are compared by these prices', () => {
  const compared = read('docs/cloudrun.md');
  const [least, most] = range(rows.at(-1)?.[2] ?? '');
  const [perCpu = 0, perGib = 0, perSecond = 0] = numbers(PAGE.slice(PAGE.indexOf("Cloud Run's containers")));
  const seconds = least / perSecond;
  expect(perSecond).toBeCloseTo(perCpu + 2 * perGib, 8);
  expect(compared).toContain(`costs ${perCpu} USD per vCPU-second and ${perGib} USD per GiB-second`);
  expect(compared).toContain(`${perCpu} + 2 x ${perGib} = ${perSecond} USD`);
  expect(compared).toContain(`A cluster costs ${least} to ${most} USD an hour`);
  expect(compared).toContain(`| an idle hour | ${least} to ${most} USD | 0 |`);
  expect(compared).toContain(
    `| for ${least} USD you get | an hour of the cluster | ${Math.round(seconds).toLocaleString('en')} instance-seconds: ` +
      `${(seconds / 3600).toFixed(1)} instances busy for an hour |`,
  );
  expect(compared).toContain(`at least ${Math.ceil(seconds / 3600)} such instances`);
  expect(read('infra/targets/cloudrun/README.md')).toContain(`costs ${perSecond} USD a second`);
});

test('no row tells to run `pulumi up` a second time', () => {
  expect(PAGE).not.toMatch(/`pulumi up` again/);
});
