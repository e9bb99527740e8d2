/** `npm run runtime-packages`: the packages that OpenWhisk's own Python and Node.js runtimes bring along. */
import { findRuntimes } from '../../platform/invoker/runtimes/catalogue';
import { installPackages, PACKAGES_DIR } from '../../platform/invoker/runtimes/packages';

export async function runtimePackages(): Promise<void> {
  const { runtimes } = await findRuntimes();
  for (const runtime of runtimes) {
    const folder = await installPackages(runtime, PACKAGES_DIR, (line) => console.log(line));
    console.log(`${runtime.kind}  ${folder}`);
  }
  console.log('Actions can use them after the next start of the platform.');
}
