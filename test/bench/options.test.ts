/** What `pdfmagic bench` says of options that cannot be; nothing is started for any of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { MEASUREMENTS } from '../../cli/bench/measurements/all';
import { type BenchOptions, bench } from '../../cli/commands/bench';
import { UsageFailure } from '../../cli/failure';
import { Terminal } from '../../cli/terminal';
import { portOf } from '../../ground/free-port';

const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-bench-options-'));
const text = path.join(folder, 'text.jpg');
writeFileSync(text, 'no JPEG');
writeFileSync(path.join(folder, 'performance.json'), '[]');

/** A server that is no OpenWhisk, or one that does not know the key. */
let status = 404;
const server = createServer((_, response) => void response.writeHead(status).end('{}'));
const listening = new Promise<string>((resolve) => {
  server.listen(0, '127.0.0.1', () => resolve(`http://127.0.0.1:${portOf(server)}`));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

class Written extends Terminal {
  lines = '';
  override out(line: string): void {
    this.lines += `${line}\n`;
  }
}

const terminal = new Written();
const run = async (options: Partial<BenchOptions>): Promise<string> => {
  terminal.lines = '';
  await bench({ json: path.join(folder, 'bench.json'), ...options }, terminal);
  return terminal.lines;
};

describe('pdfmagic bench', () => {
  test('lists its measurements, each with what it measures', async () => {
    const lines = (await run({ list: true })).replace(/\s+/g, ' ');
    for (const { name, what } of MEASUREMENTS)
      expect(lines).toContain(`${name} ${what}`.split(' ').slice(0, 3).join(' '));
  });
  test('names all that --list names, each once', () => {
    const names = MEASUREMENTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
  test.each<[string, Partial<BenchOptions>, RegExp]>([
    ['a measurement that is not there', { only: ['latency', 'speed'] }, /no measurement speed/],
    ['--against that is no URL', { against: 'here', auth: 'a:b' }, /'here' is not a URL/],
    ['--against without a key', { against: 'http://127.0.0.1:1', auth: 'nothing' }, /needs a key of the form UUID:KEY/],
    ['--against where nothing listens', { against: 'http://127.0.0.1:1', auth: 'a:b' }, /cannot be reached/],
    ['--insecure alone', { insecure: true }, /goes with --against/],
    ['--photo that is not there', { photo: path.join(folder, 'none.jpg') }, /--photo: .*none\.jpg/],
    ['--photo that is no JPEG', { photo: text }, /is not a JPEG/],
    ['--docs with figures of something else', { docs: folder }, /does not hold figures/],
  ])('refuses %s, and says what to do', async (_, options, words) => {
    const failure = await run(options).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UsageFailure);
    expect((failure as UsageFailure).message).toMatch(words);
    expect((failure as UsageFailure).hint).toBeTruthy();
  });
  test('refuses --against a server that is no OpenWhisk, and one that does not take the key, which it never repeats', async () => {
    const against = await listening;
    await expect(run({ against, auth: 'a:secret' })).rejects.toThrow(/is not an OpenWhisk/);
    status = 401;
    const failure: unknown = await run({ against, auth: 'a:secret' }).catch((error: unknown) => error);
    expect((failure as UsageFailure).message).toMatch(/does not take the key/);
    expect(`${(failure as UsageFailure).message}${(failure as UsageFailure).hint}`).not.toContain('secret');
  });
});
