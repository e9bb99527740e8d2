import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { computeTag } from '../../infra/image/content-tag';
import { RUNTIME_IMAGE } from '../../infra/image/recipe';
import { type PackagedAction, PackagingError, packageAction } from '../../infra/packaging';
import { identifyImage } from '../../infra/packaging/image';
import { IMAGE_ID, standInDocker } from './docker-command';
import { SMALL_PINS, temporaryFolder, writeFiles } from './folders';

/** Under a tag made of its content, as infra/image/ gives it. */
const FIXED = 'registry.example/ada/action-python:imagemagick-0123456789ab';
const MUTABLE = 'matbac/action-python-v3.9:imagemagick-pdf';
const NO_ENGINE = 'echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock." >&2; exit 1';

describe('a zip whose libraries are made inside an image', () => {
  const root = temporaryFolder();
  const source = writeFiles(path.join(root, 'source'), { '__main__.py': 'def main(args):\n    return {}\n' });
  const args = {
    name: 'demo',
    sources: { '': source },
    requirements: SMALL_PINS,
    libraries: 'delegator',
    buildDir: path.join(root, 'build'),
  };
  let first: PackagedAction;
  let asked: string[];

  beforeAll(async () => {
    const docker = standInDocker(root);
    first = await packageAction({ ...args, image: FIXED });
    asked = docker.asked();
  });

  test('is made by containers alone, each of the image that the name meant at first', () => {
    const runs = asked.filter((line) => line.startsWith('run'));
    expect(runs.map((line) => /(?:-m|-c import) (\w+)/.exec(line)?.[1] ?? 'script')).toEqual([
      'script', // which Python
      'script', // byte code of the sources
      'venv',
      'pip',
      'virtualenv',
      'pip',
      'script', // byte code of the libraries
    ]);
    expect(runs.every((line) => line.includes(IMAGE_ID))).toBe(true);
  });

  test('needs no Docker the second time, when the name of the image tells its content', async () => {
    const docker = standInDocker(root, NO_ENGINE);
    expect(await packageAction({ ...args, image: FIXED })).toEqual(first);
    expect(docker.asked()).toEqual([]);
  });

  test('is the same for the same image in another registry', async () => {
    standInDocker(root, NO_ENGINE);
    const elsewhere = FIXED.replace('registry.example/ada', '127.0.0.1:5000');
    expect(await packageAction({ ...args, image: elsewhere })).toEqual(first);
  });

  test('is refused when the virtualenv is for another Python than the one that runs actions', async () => {
    standInDocker(root, 'case "$*" in *"command -v"*) echo /usr/bin/python3 3.4; exit ;; esac');
    const made = packageAction({ ...args, buildDir: path.join(root, 'mismatch'), image: FIXED });
    await expect(made).rejects.toThrow(PackagingError);
    await expect(made).rejects.toThrow(/taken for Python 3\.4, but the virtualenv made by it is for python3\.\d+/);
  });

  test('names file and line of what is no valid Python there', async () => {
    standInDocker(root);
    const broken = writeFiles(path.join(root, 'broken'), { '__main__.py': 'def main(:\n' });
    const made = packageAction({ ...args, sources: { '': broken }, image: FIXED });
    await expect(made).rejects.toThrow(`${path.join(broken, '__main__.py')}:1: invalid syntax`);
  });
});

describe('what the name of an image means', () => {
  const root = temporaryFolder();
  const buildDir = path.join(root, 'build');

  test('is in the name, when it has a digest or a content tag', async () => {
    const docker = standInDocker(root, NO_ENGINE);
    const digest = `sha256:${'a'.repeat(64)}`;
    expect(await identifyImage(`ada/action-python@${digest}`, buildDir)).toBe(digest);
    expect(await identifyImage(FIXED, buildDir)).toBe('imagemagick-0123456789ab');
    expect(await identifyImage(`ada/action-python:${computeTag(RUNTIME_IMAGE, 'base:1')}`, buildDir)).toBe(
      computeTag(RUNTIME_IMAGE, 'base:1'),
    );
    expect(docker.asked()).toEqual([]);
  });

  test('is else for the engine to tell', async () => {
    standInDocker(root);
    expect(await identifyImage(MUTABLE, buildDir)).toBe(IMAGE_ID);
    const moved = `sha256:${'2'.repeat(64)}`;
    standInDocker(root, `echo ${moved}; exit`);
    expect(await identifyImage(MUTABLE, buildDir)).toBe(moved);
  });

  test('is what it was the last time, when there is no engine to ask', async () => {
    standInDocker(root);
    await identifyImage(MUTABLE, buildDir);
    standInDocker(root, NO_ENGINE);
    expect(await identifyImage(MUTABLE, buildDir)).toBe(IMAGE_ID);
    await expect(identifyImage('never/seen:1', buildDir)).rejects.toThrow(/No Docker engine answers/);
  });

  test('is not guessed when the engine says that there is no such image', async () => {
    standInDocker(root);
    await identifyImage(MUTABLE, buildDir);
    standInDocker(root, 'echo "Error: No such image" >&2; exit 1');
    await expect(identifyImage(MUTABLE, buildDir)).rejects.toThrow(/cannot be pulled/);
  });
});

describe('without what it takes, the error says what is missing and what to do', () => {
  const root = temporaryFolder();
  const source = writeFiles(path.join(root, 'source'), { '__main__.py': 'def main(args):\n    return {}\n' });
  const make = (image: string) =>
    packageAction({
      name: 'demo',
      sources: { '': source },
      requirements: SMALL_PINS,
      libraries: 'delegator',
      buildDir: root,
      image,
    });

  test.each([
    ['no engine', NO_ENGINE, /No Docker engine answers \(Cannot connect.*pulumi config set python/],
    [
      'no right to use the engine',
      'echo "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock" >&2; exit 1',
      /No Docker engine answers \(permission denied/,
    ],
    [
      'no such image',
      'echo "Error response from daemon: pull access denied for nobody/nothing" >&2; exit 1',
      /cannot be pulled \(.*access denied.*docker login/,
    ],
    [
      'no Python in the image',
      '[ "$1" = run ] && { echo "no Python in it" >&2; exit 127; }',
      /has no Python 3 that runs: no Python in it/,
    ],
    [
      'another processor',
      '[ "$1" = run ] && { echo "exec /bin/sh: exec format error" >&2; exit 1; }',
      /linux\/amd64.*QEMU/,
    ],
    [
      'no network',
      'case "$*" in *"-m pip"*) echo "Temporary failure in name resolution" >&2; exit 1 ;; esac',
      /package index cannot be reached/,
    ],
    [
      'an engine elsewhere',
      'case "$*" in *"import venv"*) echo "docker: Error: bind source path does not exist: /x" >&2; exit 125 ;; esac',
      /does not see the folders.*DOCKER_HOST/,
    ],
    [
      'an engine elsewhere that makes folders',
      'case "$*" in *"import venv"*) exit ;; esac',
      /does not arrive.*DOCKER_HOST/,
    ],
  ])('%s', async (_, script, message) => {
    standInDocker(root, script);
    const made = make('nobody/nothing:1');
    await expect(made).rejects.toThrow(PackagingError);
    await expect(made).rejects.toThrow(message);
  });

  test('no docker command', async () => {
    process.env.PATH = root;
    await make('nobody/nothing:1').then(
      () => expect.unreachable(),
      (error: Error) => expect(error.message).toMatch(/No Docker engine answers \(spawn docker ENOENT\)/),
    );
  });

  test('and nothing is left behind', () => {
    expect(readdirSync(path.join(root, 'libraries'))).toEqual([]);
  });
});
