/**
 * A server in a process of its own, to be killed: it accepts invocations and ends none of them.
 * Argument: the data directory. Prints its URL.
 */
import type { Invoker } from '../../platform/invoker/contract';
import { startServer } from '../../platform/openwhisk/server';
import { FakeInvoker } from './fake-invoker';
import { identity } from './identity';

async function main(): Promise<void> {
  const fake = new FakeInvoker();
  const neverEnding: Invoker = {
    runtimes: fake.runtimes,
    images: [],
    sandbox: fake.sandbox,
    capacity: fake.capacity,
    run: () => new Promise(() => undefined),
    stop: async () => undefined,
  };
  const dataDir = process.argv[2] ?? '';
  const server = await startServer({ host: '127.0.0.1', port: 0, dataDir, identity, invoker: neverEnding });
  process.stdout.write(`${server.url}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
