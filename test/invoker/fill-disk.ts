/** Fills the small disk at DATA_DIR with code that does not fit and runs an action of it; tells the outcome and what was logged. */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInvoker } from '../../platform/invoker/create-invoker';
import { invocation } from './harness-invocation';

const { DATA_DIR: dataDir = '', FILLER: filler = '', ZIP: zip = '' } = process.env;

async function main(): Promise<void> {
  const logged: string[] = [];
  process.env.TMPDIR = path.join(dataDir, 'tmp');
  mkdirSync(process.env.TMPDIR);
  const log = (line: string) => logged.push(line);
  const options = { dataDir, apiHost: 'http://127.0.0.1:3233', sandbox: 'process' as const, spares: 0, log };
  const invoker = await createInvoker(options);
  const kind = invoker.runtimes.find(({ family }) => family === 'nodejs')?.kind ?? '';
  const code = readFileSync(zip).toString('base64');
  const run = async () => (await invoker.run(invocation(code, { kind, binary: true }))).result;
  const full = await run();
  rmSync(filler);
  console.log(JSON.stringify({ full, freed: await run(), logged }));
  await invoker.stop();
}

void main();
