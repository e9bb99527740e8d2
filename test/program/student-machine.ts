/** A machine that is ready for the cloud targets: stand-ins of gcloud's plugin and of Docker on the PATH. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keepEnvironment } from '../environment';

/** Sets the environment of this process; the result puts it back. */
export function becomeReady(): () => void {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-ready-'));
  const command = (name: string, script: string) => {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(folder, name), 0o755);
  };
  command('gke-gcloud-auth-plugin', `echo '{"kind":"ExecCredential","status":{"token":"t"}}'`);
  command('docker', 'echo 20.10');
  mkdirSync(path.join(folder, 'docker-config'));
  writeFileSync(
    path.join(folder, 'docker-config', 'config.json'),
    JSON.stringify({ credHelpers: { 'europe-west1-docker.pkg.dev': 'gcloud' } }),
  );
  const restore = keepEnvironment();
  process.env.PATH = `${folder}${path.delimiter}${process.env.PATH}`;
  process.env.GOOGLE_OAUTH_ACCESS_TOKEN = 'false-token';
  process.env.DOCKER_CONFIG = path.join(folder, 'docker-config');
  return () => {
    restore();
    rmSync(folder, { recursive: true });
  };
}
