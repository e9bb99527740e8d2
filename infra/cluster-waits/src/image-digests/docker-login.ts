/** Logins that `docker login` has written into its settings. Those of a credential helper are not asked for. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

const settings = z.object({ auths: z.record(z.string(), z.object({ auth: z.string().optional() })).optional() });

/**
 * `USER:PASSWORD` for a registry such as `registry.lab:5000`; undefined where there is none.
 * Source: https://docs.docker.com/reference/cli/docker/login/
 */
export function readLogin(registry: string): string | undefined {
  const folder = process.env.DOCKER_CONFIG ?? path.join(homedir(), '.docker');
  const auths = readAuths(path.join(folder, 'config.json'));
  const auth = (registry === 'docker.io' ? auths['https://index.docker.io/v1/'] : auths[registry])?.auth;
  return auth === undefined || auth === '' ? undefined : Buffer.from(auth, 'base64').toString('utf8');
}

function readAuths(file: string): NonNullable<z.infer<typeof settings>['auths']> {
  try {
    return settings.parse(JSON.parse(readFileSync(file, 'utf8'))).auths ?? {};
  } catch {
    return {};
  }
}
