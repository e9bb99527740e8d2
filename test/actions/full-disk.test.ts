/** A conversion on a disk that is full: a small tmpfs in a namespace of its own, where the system lets us make one. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const ACTIONS = path.resolve(__dirname, '../../actions');
const canMount = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
// The project itself may be below /tmp.
const SCRIPT = `
mount --bind "$ACTIONS" /mnt && export ACTIONS=/mnt || exit 99
mount -t tmpfs -o size=1m tmpfs /tmp && mount --bind /tmp /var/tmp && cd /tmp || exit 99
dd if=/dev/zero of=/tmp/filler bs=1k count="$TAKEN" 2>/dev/null
exec env -u TMPDIR python3 -B -c "$PROGRAM"
`;
const PROGRAM = `
import json, os, sys, tempfile
sys.path.insert(0, os.environ["ACTIONS"])
from pdfmagic.disk import find_temporary_folder
from pdfmagic.results import answer_web

def write():
    with tempfile.TemporaryDirectory(dir=find_temporary_folder()) as folder, open(folder + "/photo.jpg", "wb") as photo:
        photo.write(b"x" * 600_000)
    return {}

print(json.dumps(answer_web(write)))
`;

describe.skipIf(!canMount)('a conversion on a full disk', () => {
  test.each([
    ['the JPEG does not fit', 800, '0.2'],
    ['not a byte fits', 2000, '0.0'],
  ])('says so, how much is free and how much it needs, without a path, where %s', (_, taken, free) => {
    const env = { ...process.env, ACTIONS, PROGRAM, TAKEN: String(taken) };
    const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', SCRIPT], { encoding: 'utf8', env });
    const said = JSON.parse(stdout || JSON.stringify(stderr));
    expect(said.statusCode).toBe(502);
    expect(said.body).toEqual({
      code: 'internal-error',
      error:
        `No space is left on the disk for temporary files (${free} MB are free). A conversion needs at least twice the size of ` +
        'its JPEG. Free some space and try again.',
    });
  });
});
