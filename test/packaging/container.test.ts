import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeDockerRun } from '../../infra/packaging/container';
import { temporaryFolder } from './folders';

const NOTHING = { read: [], write: [] };
const valuesOf = (option: string, args: readonly string[]) =>
  args.filter((arg) => arg.startsWith(`--${option}=`)).map((arg) => arg.slice(option.length + 3));

describe('Python inside an image', () => {
  const root = temporaryFolder();

  test('runs as the calling user, to whom what it makes belongs', () => {
    const args = writeDockerRun('image', 'python3', ['-V'], NOTHING, {});
    expect(valuesOf('user', args)).toEqual([`${process.getuid?.()}:${process.getgid?.()}`]);
    expect(valuesOf('env', args)).toContain('HOME=/tmp');
    expect(args.slice(-3)).toEqual(['--entrypoint=python3', 'image', '-V']);
  });

  test("is for the platform of a cluster's nodes", () => {
    expect(writeDockerRun('image', 'python3', [], NOTHING, {})).toContain('--platform=linux/amd64');
  });

  test('sees what it has to, at the same places, and writes only where it may', () => {
    const mounts = {
      read: ['/home/ada/pins', '/home/ada/pins/more', '/home/ada/a "b", c'],
      write: ['/home/ada/build'],
    };
    expect(valuesOf('mount', writeDockerRun('image', 'python3', [], mounts, {}))).toEqual([
      'type=bind,source=/home/ada/build,target=/home/ada/build',
      'type=bind,"source=/home/ada/a ""b"", c","target=/home/ada/a ""b"", c",readonly',
      'type=bind,source=/home/ada/pins,target=/home/ada/pins,readonly',
    ]);
  });

  test('takes packages from where this machine takes them, and puts them nowhere else', () => {
    const env = {
      PIP_INDEX_URL: 'https://ada:S3CRET@pypi.example/simple',
      https_proxy: 'http://ada:S3CRET@proxy:3128',
      NO_PROXY: 'localhost',
      PIP_TARGET: '/elsewhere',
      PIP_CACHE_DIR: '/elsewhere',
      AWS_SECRET_ACCESS_KEY: 'S3CRET',
    };
    const args = writeDockerRun('image', 'python3', [], NOTHING, env);
    expect(valuesOf('env', args)).toEqual(expect.arrayContaining(['PIP_INDEX_URL', 'https_proxy', 'NO_PROXY']));
    // Others see command lines.
    expect(args.join(' ')).not.toMatch(/elsewhere|AWS|S3CRET|PIP_TARGET|PIP_CACHE_DIR/);
  });

  test('has the files and folders that those settings name', () => {
    const certificate = path.join(root, 'ca.pem');
    const wheels = path.join(root, 'wheels');
    writeFileSync(certificate, '');
    mkdirSync(wheels);
    symlinkSync(certificate, path.join(root, 'link.pem'));
    const env = { PIP_CERT: path.join(root, 'link.pem'), PIP_FIND_LINKS: wheels, SSL_CERT_FILE: '/not/there.pem' };
    const args = writeDockerRun('image', 'python3', [], NOTHING, env);
    expect(valuesOf('env', args)).toEqual(
      expect.arrayContaining([
        'PIP_CERT=/run/pdfmagic/PIP_CERT',
        'PIP_FIND_LINKS=/run/pdfmagic/PIP_FIND_LINKS',
        'SSL_CERT_FILE',
      ]),
    );
    expect(valuesOf('mount', args)).toEqual([
      `type=bind,source=${certificate},target=/run/pdfmagic/PIP_CERT,readonly`,
      `type=bind,source=${wheels},target=/run/pdfmagic/PIP_FIND_LINKS,readonly`,
    ]);
  });
});
