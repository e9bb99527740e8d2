/**
 * A `docker` first on the PATH that runs "containers" as plain processes of this machine: what is asked of Docker can be seen
 * without an engine. What a container really sees and may do is tested in test/docker/.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach } from 'vitest';

/** The id of the only image there is. */
export const IMAGE_ID = `sha256:${'1'.repeat(64)}`;

const ALWAYS = `
echo "$*" >> "$0.log"
case "$1" in
  image) echo ${IMAGE_ID}; exit ;;
  pull) exit ;;
esac
shift
for arg; do
  shift
  case "$arg" in
    --entrypoint=*) entrypoint=\${arg#*=} ;;
    --*) ;;
    *) break ;;
  esac
done
exec "$entrypoint" "$@"
`;

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

/** Until the test ends. Give `before` to answer some commands differently. */
export function standInDocker(root: string, before = ''): { asked(): string[] } {
  const folder = path.join(root, 'bin');
  const file = path.join(folder, 'docker');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${before}\n${ALWAYS}`, { mode: 0o755 });
  writeFileSync(`${file}.log`, '');
  process.env.PATH = `${folder}${path.delimiter}${PATH}`;
  return {
    asked: () => readFileSync(`${file}.log`, 'utf8').trim().split('\n').filter(Boolean),
  };
}
