import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RUNTIME_IMAGE } from '../../infra/image/recipe';

const SCRIPT = path.resolve(__dirname, '../..', RUNTIME_IMAGE.context, 'sources.sh');
/** Of openwhisk/action-python-v3.9, which is made of python:3.9-buster. */
const BUSTER = `# deb http://snapshot.debian.org/archive/debian/20230612T000000Z buster main
deb http://deb.debian.org/debian buster main
deb http://deb.debian.org/debian-security buster/updates main
deb http://security.debian.org/debian-security buster/updates main
deb http://deb.debian.org/debian buster-updates main
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'pdfmagic-sources-'));
  mkdirSync(path.join(root, 'etc/apt/apt.conf.d'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const list = () => path.join(root, 'etc/apt/sources.list');
const conf = () => path.join(root, 'etc/apt/apt.conf.d/99archived');

/** A file system of a release, as far as the script looks at it. */
function image(release: string, sources: string | undefined): void {
  writeFileSync(path.join(root, 'etc/os-release'), `ID=debian\nVERSION_CODENAME=${release}\n`);
  if (sources !== undefined) writeFileSync(list(), sources);
  execFileSync('sh', [SCRIPT, root]);
}

// The script is for the sed of Debian.
describe.skipIf(process.platform !== 'linux')(
  "where Debian's packages come from while the runtime image is built",
  () => {
    test("is Debian's archive for buster, which has left the mirrors", () => {
      image('buster', BUSTER);
      expect(readFileSync(list(), 'utf8').split('\n').slice(1)).toEqual([
        'deb http://archive.debian.org/debian buster main',
        'deb http://archive.debian.org/debian-security buster/updates main',
        'deb http://archive.debian.org/debian-security buster/updates main',
        '',
      ]);
      expect(readFileSync(conf(), 'utf8')).toBe('Acquire::Check-Valid-Until "false";\n');
    });

    test('stays what it is for a release that is on the mirrors', () => {
      const bookworm = BUSTER.replaceAll('buster', 'bookworm');
      image('bookworm', bookworm);
      expect(readFileSync(list(), 'utf8')).toBe(bookworm);
      expect(existsSync(conf())).toBe(false);
    });

    test('needs no sources.list', () => {
      image('bookworm', undefined);
      image('buster', undefined);
      expect(existsSync(list())).toBe(false);
    });
  },
);
