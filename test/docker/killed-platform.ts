/** A platform in a process of its own, for a test to kill: says its process id, and runs an action that sleeps. */

import { createInvoker } from '../../platform/invoker/create-invoker';
import type { DockerRuntime } from '../../platform/invoker/docker';
import { invocation } from '../invoker/harness-invocation';

async function main([dataDir = '', docker = '']: string[]): Promise<void> {
  const runtime = JSON.parse(docker) as DockerRuntime;
  // No spare of Node.js: what it leaves behind is the container alone, with bubblewrap and without.
  const invoker = await createInvoker({ dataDir, apiHost: 'http://127.0.0.1:3233', docker: runtime, spares: 0 });
  console.log(process.pid);
  const code = 'import time\ndef main(a):\n    time.sleep(600)\n';
  const limits = { timeout: 300_000 };
  await invoker.run(invocation(code, { name: '/guest/orphan', kind: `python:${runtime.python}`, limits }));
}

void main(process.argv.slice(2));
