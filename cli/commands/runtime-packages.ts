/** `npm run runtime-packages`: the packages that OpenWhisk's own Python and Node.js runtimes bring along. */
import { findRuntimes } from '../../platform/invoker/runtimes/catalogue';
import { installPackages, PACKAGES_DIR } from '../../platform/invoker/runtimes/packages';
import type { Terminal } from '../terminal';

export async function runtimePackages(_: object, terminal: Terminal): Promise<void> {
  const { runtimes } = await findRuntimes();
  for (const runtime of runtimes) {
    const folder = await installPackages(runtime, PACKAGES_DIR, (line) => terminal.out(line));
    terminal.out(`${runtime.kind}  ${folder}`);
  }
  terminal.out('Actions can use them after the next start of the platform.');
}
