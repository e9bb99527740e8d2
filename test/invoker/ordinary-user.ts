/** A platform of an ordinary user, in a process of its own: makes all attempts, and writes what became of them as JSON. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInvoker } from '../../platform/invoker/create-invoker';
import { attempt, ON_PLATFORM, REFUSED } from './attempts';

const MORE = [
  'abstract_stream',
  'abstract_datagram',
  'abstract_from_pair',
  'status',
  'pools',
  'manager',
  'listed_keys',
];

async function main([sandbox, name = '']: string[]): Promise<void> {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'pdfmagic-invoker-test-'));
  const kind = sandbox === 'process' ? 'process' : 'bubblewrap';
  const invoker = await createInvoker({ dataDir, apiHost: 'http://127.0.0.1:3233', sandbox: kind });
  const outcomes: Record<string, unknown> = {};
  const parameters = { name, pid: String(process.pid) };
  for (const one of [...Object.keys(REFUSED), ...MORE, ...ON_PLATFORM]) {
    outcomes[one] = await attempt(invoker, one, parameters);
  }
  await invoker.stop();
  await rm(dataDir, { recursive: true });
  process.stdout.write(JSON.stringify(outcomes));
}

void main(process.argv.slice(2));
