import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { packagePythonAction } from '../../infra/packaging';
import { dockerRun } from '../../infra/packaging/container';

let root: string;
const { PATH } = process.env;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pdfmagic-container-'));
});
afterEach(() => {
  process.env.PATH = PATH;
  rmSync(root, { recursive: true });
});

/** A `docker` that does `script`, first on the PATH. */
function standIn(script: string): void {
  const file = path.join(root, 'docker');
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  process.env.PATH = `${root}${path.delimiter}${PATH}`;
}

describe('Python inside an image', () => {
  test('runs as the calling user, to whom what it makes belongs', () => {
    expect(dockerRun('image', 'python3', ['-V'], {})).toContain(`--user=${process.getuid?.()}:${process.getgid?.()}`);
  });

  test('sees the folders that its arguments name, at the same places', () => {
    const file = path.join(root, 'requirements.txt');
    writeFileSync(file, '');
    const args = dockerRun('image', 'python3', ['-r', file, path.join(root, 'not', 'yet')], {});
    expect(args.filter((arg) => arg.startsWith('--volume'))).toEqual([`--volume=${root}:${root}`]);
    expect(args.slice(-5)).toEqual(['--entrypoint=python3', 'image', '-r', file, path.join(root, 'not', 'yet')]);
  });

  test('sees the whole of a virtual environment, not its bin folder alone', () => {
    mkdirSync(path.join(root, 'venv', 'bin'), { recursive: true });
    const python = path.join(root, 'venv', 'bin', 'python');
    expect(dockerRun('image', python, [], {})).toContain(`--volume=${root}/venv:${root}/venv`);
  });

  test("keeps the image's own system folders", () => {
    expect(dockerRun('image', '/usr/bin/python3', [], {}).filter((arg) => arg.startsWith('--volume'))).toEqual([]);
  });

  test('takes packages from where this machine takes them, but puts them nowhere else', () => {
    const certificate = path.join(root, 'ca.pem');
    writeFileSync(certificate, '');
    const args = dockerRun('image', 'python3', [], {
      PIP_CERT: certificate,
      PIP_TARGET: '/elsewhere',
      https_proxy: 'http://proxy:3128',
      AWS_SECRET_ACCESS_KEY: 'S3CRET',
    });
    expect(args).toContain(`--env=PIP_CERT=${certificate}`);
    expect(args).toContain(`--volume=${certificate}:${certificate}:ro`);
    expect(args).toContain('--env=https_proxy=http://proxy:3128');
    expect(args.join(' ')).not.toMatch(/elsewhere|S3CRET/);
  });
});

describe('zips made inside an image', () => {
  const make = (image: string) => packagePythonAction('v0', { image, buildDir: path.join(root, 'build') });

  test('need a Docker engine, or a Python of this machine instead', async () => {
    standIn('echo "Cannot connect to the Docker daemon at unix:///var/run/docker.sock." >&2; exit 1');
    await expect(make('engine-down:1')).rejects.toThrow(/No Docker engine answers.*pulumi config set python/s);
  });

  test('need an image that can be had', async () => {
    standIn('echo "Error: No such image" >&2; exit 1');
    await expect(make('nobody/nothing:1')).rejects.toThrow(/nobody\/nothing:1 cannot be pulled.*docker login/s);
  });

  test('need a Python in it', async () => {
    standIn('if [ "$1" = image ]; then echo sha256:1; else echo "exec: python3: not found" >&2; exit 127; fi');
    await expect(make('without-python:1')).rejects.toThrow(/without-python:1 has no python3 that runs: exec/);
  });
});
