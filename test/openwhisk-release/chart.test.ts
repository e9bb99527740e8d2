/** The chart that is installed is the one that was read, wherever it comes from. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { hashChart, readChartArchive, readChartFolder } from '../../infra/parts/openwhisk-release/chart-content';
import { openChart, prepareChart } from '../../infra/parts/openwhisk-release/chart-source';
import { listRuntimes } from '../../infra/parts/openwhisk-release/runtimes';
import { writeStandInChart } from './stand-in-chart';

const chart = writeStandInChart();
const { chart: folder, chartSha256: sha256 } = chart.config;
let place: string;
let archive: string;
let asked = 0;
const server = createServer((request, response) => {
  asked += 1;
  if (request.url === '/chart.tar.gz') return response.end(readFileSync(archive));
  return response.writeHead(404).end();
});

beforeAll(async () => {
  place = mkdtempSync(path.join(tmpdir(), 'pdfmagic-charts-'));
  archive = path.join(place, 'chart.tar.gz');
  // As GitHub packs a commit: the chart is somewhere inside.
  const inside = `s,^${folder.slice(1)},repo-108f327/helm/openwhisk,`;
  execFileSync('tar', ['-czf', archive, '--transform', inside, folder], { stdio: 'ignore' });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.close();
  chart.remove();
  rmSync(place, { recursive: true });
});
let kept: string;
beforeEach(() => {
  asked = 0;
  kept = mkdtempSync(path.join(place, 'kept-'));
});
const url = (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`;

describe("OpenWhisk's chart", () => {
  test('is the same out of a folder and out of an archive of the whole repository', async () => {
    const read = await readChartArchive(readFileSync(archive));
    expect([...read.keys()].sort()).toEqual(['Chart.yaml', 'runtimes.json']);
    expect(hashChart(read)).toBe(sha256);
    expect(hashChart(readChartFolder(folder))).toBe(sha256);
  });

  test('has the hash that a shell computes', () => {
    const line = "find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum | cut -d' ' -f1";
    expect(execFileSync('sh', ['-c', line], { cwd: folder, encoding: 'utf8' }).trim()).toBe(sha256);
  });

  test('is fetched once, and then needs no network', async () => {
    const first = await openChart({ from: url('chart.tar.gz'), sha256 }, kept);
    expect(asked).toBe(1);
    expect(await openChart({ from: url('chart.tar.gz'), sha256 }, kept)).toEqual(first);
    expect(asked).toBe(1);
  });

  test('comes from a file or a folder as well', async () => {
    for (const from of [archive, folder]) {
      const into = mkdtempSync(path.join(place, 'kept-'));
      expect(hashChart(await openChart({ from, sha256 }, into))).toBe(sha256);
    }
  });

  test('is refused when its content is another one; the words say which', async () => {
    const other = 'f'.repeat(64);
    await expect(openChart({ from: url('chart.tar.gz'), sha256: other }, kept)).rejects.toThrow(
      new RegExp(`SHA-256 of its content is ${sha256}, not ${other}.*pulumi config set chartSha256 ${sha256}`),
    );
    expect(existsSync(path.join(kept, other))).toBe(false);
  });

  test('is fetched again when what is kept of it was changed', async () => {
    await openChart({ from: url('chart.tar.gz'), sha256 }, kept);
    writeFileSync(path.join(kept, sha256, 'Chart.yaml'), 'changed');
    expect(hashChart(await openChart({ from: url('chart.tar.gz'), sha256 }, kept))).toBe(sha256);
    expect(asked).toBe(2);
  });

  test.each([
    ['is not there', () => url('other.tar.gz'), /HTTP 404/],
    ['is no archive', () => path.join(folder, 'Chart.yaml'), /Unrecognized archive format/],
    ['has no chart in it', () => place, /Chart\.yaml/],
    ['cannot be reached', () => 'http://127.0.0.1:9/chart.tar.gz', /ECONNREFUSED|bad port/],
  ])('that %s is missed in words that name a way', async (_, from, why) => {
    const failure = openChart({ from: from(), sha256 }, kept);
    await expect(failure).rejects.toThrow(why);
    await expect(failure).rejects.toThrow(/pulumi config set chart FILE/);
  });

  test('is given to Helm with our list of runtimes, under a path that no machine has a name in', async () => {
    const files = readChartFolder(folder);
    const held = { name: 'mirror.example/hub/openwhisk/action-nodejs-v20', tag: `1.22.0@sha256:${'1'.repeat(64)}` };
    const added = { 'pdfmagic-runtimes.json': listRuntimes(files, held) };
    const prepared = await prepareChart(files, added, path.relative('.', kept));
    expect(prepared).toMatch(/^\.\/.*\/openwhisk-[0-9a-f]{12}$/);
    expect(await prepareChart(files, added, path.relative('.', kept))).toBe(prepared);
    expect(await prepareChart(files, {}, path.relative('.', kept))).not.toBe(prepared);
    expect([...readChartFolder(prepared).keys()].sort()).toEqual([
      'Chart.yaml',
      'pdfmagic-runtimes.json',
      'runtimes.json',
    ]);
  });
});

describe('the kinds of actions', () => {
  const held = { name: 'docker.io/openwhisk/action-nodejs-v20', tag: `1.22.0@sha256:${'1'.repeat(64)}` };
  const listed = JSON.parse(listRuntimes(readChartFolder(folder), held));

  test('have our Node.js as the default of theirs, by tag and digest, and one container of it in advance', () => {
    expect(listed.runtimes.nodejs).toEqual([
      expect.objectContaining({
        kind: 'nodejs:20',
        default: true,
        image: { registry: 'docker.io', prefix: 'openwhisk', name: 'action-nodejs-v20', tag: held.tag },
        stemCells: [{ initialCount: 1, memory: '256 MB' }],
      }),
    ]);
  });

  test("keep the other languages, which the chart's samples are written in", () => {
    expect(listed.runtimes.swift).toEqual([expect.objectContaining({ kind: 'swift:5.1' })]);
  });
});
