/** The whole bench in a tiny form, beside another local platform; and its end by Ctrl-C. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Outcome } from '../../cli/bench/figures';
import { OTHER, OURS } from '../../cli/bench/measurement';
import { MEASUREMENTS } from '../../cli/bench/measurements/all';
import { readReport } from '../../cli/bench/report-file';
import { Machine, ROOT, type RunningPlatform } from '../e2e/machine';

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-bench-test-'));
const temporary = path.join(folder, 'tmp');
mkdirSync(temporary);
const machine = new Machine();
const children: ChildProcess[] = [];
afterAll(async () => {
  // Those of a test that failed; they end in good order.
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null);
  for (const child of running) child.kill('SIGTERM');
  await Promise.all(running.map((child) => once(child, 'close')));
  await machine.close();
  await rm(folder, { recursive: true, force: true });
});

function start(...args: string[]) {
  const child = spawn(process.execPath, ['cli/pdfmagic.mjs', 'bench', ...args], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, output: () => output, ended: once(child, 'close') as Promise<[number | null]> };
}

describe.runIf(process.platform === 'linux')('each measurement, once', () => {
  const names = MEASUREMENTS.filter(({ onlyByName }) => !onlyByName).map(({ name }) => name);
  const json = path.join(folder, 'bench.json');
  const docs = path.join(folder, 'docs');
  let other: RunningPlatform;
  let outcomes: readonly Outcome[];
  let code: number | null;

  beforeAll(async () => {
    other = await machine.startPlatform();
    const run = start('--tiny', '--against', other.file.apihost, '--auth', other.auth, '--json', json, '--docs', docs);
    [code] = await run.ended;
    outcomes = readReport(json).measurements;
    if (code !== 0) throw new Error(run.output());
  }, 900_000);
  const sidesOf = (name: string) =>
    outcomes.find((each) => each.name === name)?.rows.flatMap(({ sides }) => sides) ?? [];

  test.each(names)('%s is measured whole, and the file holds it', (name) => {
    const outcome = outcomes.find((each) => each.name === name);
    expect(outcome?.stopped).toBeUndefined();
    expect(sidesOf(name).filter((side) => 'median' in side).length).toBeGreaterThan(0);
  });
  test('with machine, versions and commit', () => {
    for (const { origin } of outcomes) {
      expect(origin.machine.cores).toBeGreaterThan(0);
      expect(origin.versions['Node.js']).toBe(process.versions.node);
      expect(Object.keys(origin.versions)).toEqual(expect.arrayContaining(['ImageMagick', 'Python']));
    }
  });
  test.each(['latency', 'rate', 'actions', 'cold'])('%s does the same work on the other OpenWhisk', (name) => {
    const measured = new Set(sidesOf(name).flatMap((side) => ('median' in side ? [side.who] : [])));
    expect([...measured]).toEqual(expect.arrayContaining([OURS, OTHER]));
  });
  test('nothing is left on the other OpenWhisk', async () => {
    for (const kind of ['actions', 'packages', 'triggers', 'rules']) {
      const headers = { authorization: other.authorization };
      const answer = await fetch(`${other.file.apihost}/api/v1/namespaces/_/${kind}`, { headers });
      expect(await answer.json()).toEqual([]);
    }
  });
  test('the page has a section, a table and the pictures of each', () => {
    const page = readFileSync(path.join(docs, 'performance.md'), 'utf8');
    for (const name of names) expect(page).toContain(`\n## ${name}\n`);
    const links = [...page.matchAll(/\]\((pictures\/[^)]+)\)/g)].map(([, file = '']) => file);
    expect(links.length).toBeGreaterThan(4);
    for (const file of links) expect(existsSync(path.join(docs, file))).toBe(true);
  });
  test('nothing is left behind here', () => {
    expect(readdirSync(temporary).filter((name) => name.startsWith('pdfmagic-bench'))).toEqual([]);
  });
});

test('Ctrl-C ends it in good order, and keeps what was measured', async () => {
  const json = path.join(folder, 'ended.json');
  const run = start('--only', 'latency', 'rate', '--photo', 'examples/photo.jpg', '--json', json);
  while (!/66 kB, one at a time, round 2/.test(run.output())) {
    if (run.child.exitCode !== null) throw new Error(run.output());
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  run.child.kill('SIGINT');
  const [code] = await run.ended;
  expect(code).toBe(130);
  const [first] = readReport(json).measurements;
  expect(first).toMatchObject({ name: 'latency', stopped: expect.stringContaining('ended') });
  expect(first?.rows[0]?.sides[0]).toHaveProperty('median');
  expect(readdirSync(temporary).filter((name) => name.startsWith('pdfmagic-bench'))).toEqual([]);
}, 300_000);
