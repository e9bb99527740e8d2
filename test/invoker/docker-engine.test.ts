/** What a Docker engine that will not do is told to the user as, before anything is started: on a played `docker` command. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { prepareDocker } from '../../platform/invoker/docker';

const searchPath = process.env.PATH ?? '';
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-played-docker-'));
  process.env.PATH = `${folder}${path.delimiter}${searchPath}`;
});
afterEach(() => {
  process.env.PATH = searchPath;
  rmSync(folder, { recursive: true });
});

/** A `docker` that answers by its first argument; what is not said succeeds without a word. */
function play(answers: Readonly<Record<string, string>>): void {
  const cases = Object.entries(answers).map(([command, script]) => `${command}) ${script} ;;`);
  const file = path.join(folder, 'docker');
  writeFileSync(file, `#!/bin/sh\ncase "$1" in\n${cases.join('\n')}\nesac\n`);
  chmodSync(file, 0o755);
}

const BRIDGE = `echo '[{"Subnet":"fd00::/64"},{"Subnet":"192.0.2.0/24"}]'`;
const LOOPBACK_TRIAL = `case "$*" in *create_connection*) exit 1 ;; *) printf '3.11\\n127.0.0.1\\n' ;; esac`;
const prepare = () => prepareDocker('some/base:1', () => {});

describe('a Docker engine', () => {
  test('that this user may not use', async () => {
    play({ version: 'echo "permission denied while trying to connect to the Docker daemon socket" >&2; exit 1' });
    await expect(prepare()).rejects.toThrow(
      /cannot be reached .*permission denied.*usermod -aG docker.*leave --docker out/,
    );
  });

  test('that does not run', async () => {
    play({ version: 'echo "Cannot connect to the Docker daemon. Is the docker daemon running?" >&2; exit 1' });
    await expect(prepare()).rejects.toThrow(/Is the docker daemon running\?\).*systemctl start docker/);
  });

  test('without a bridge', async () => {
    play({ network: 'echo "Error: No such network: bridge" >&2; exit 1' });
    await expect(prepare()).rejects.toThrow(/no network 'bridge' .*No such network/);
  });

  test('with a bridge that has no IPv4', async () => {
    play({ network: `echo '[{"Subnet":"fd00::/64"}]'` });
    await expect(prepare()).rejects.toThrow(/'bridge' has no IPv4 addresses/);
  });

  test('whose build fails, with its last lines', async () => {
    play({
      network: BRIDGE,
      build: 'echo "Step 3/7 : RUN"; echo "E: Unable to locate package imagemagick" >&2; exit 100',
    });
    await expect(prepare()).rejects.toThrow(
      /could not be built [\s\S]*Step 3\/7[\s\S]*Unable to locate package imagemagick/,
    );
  });

  test('whose image has no Python 3', async () => {
    play({ network: BRIDGE, run: 'echo 2.7' });
    await expect(prepare()).rejects.toThrow(/has no Python 3: it reports '2.7'/);
  });

  test('on another machine, as Docker Desktop and remote ones are', async () => {
    play({ network: BRIDGE, run: `printf '3.11\\n203.0.113.1\\n'` });
    await expect(prepare()).rejects.toThrow(
      /know their host as 203\.0\.113\.1, which is not this machine .*EADDRNOTAVAIL/,
    );
  });

  test('whose containers a firewall keeps from this machine', async () => {
    play({ network: BRIDGE, run: LOOPBACK_TRIAL });
    await expect(prepare()).rejects.toThrow(
      /Containers cannot reach this machine at 127\.0\.0\.1 .*ufw allow in on docker0/,
    );
  });

  test('that will do is known by its image, its Python and its addresses', async () => {
    play({ network: BRIDGE, run: `case "$*" in *create_connection*) ;; *) printf '3.12\\n127.0.0.1\\n' ;; esac` });
    expect(await prepare()).toEqual({
      image: expect.stringMatching(/^pdfmagic\/action-python:imagemagick-[0-9a-f]{12}$/),
      python: '3.12',
      gateway: '127.0.0.1',
      subnet: '192.0.2.0/24',
    });
  });
});
