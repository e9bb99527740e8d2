/** A platform of an ordinary user, in a process of its own: makes all attempts, and writes what became of them as JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInvoker } from '../../local/invoker/index';
import { attempt, REFUSED } from './attempts';

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
  for (const one of [...Object.keys(REFUSED), ...MORE]) outcomes[one] = await attempt(invoker, one, { name });
  await invoker.stop();
  rmSync(dataDir, { recursive: true });
  process.stdout.write(JSON.stringify(outcomes));
}

void main(process.argv.slice(2));
