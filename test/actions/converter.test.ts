import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { exif, insert, segment } from './pictures';
import { PHOTO, PythonAction } from './python-action';

/** A program in the place of ImageMagick's convert. */
let folder: string;
let action: PythonAction | undefined;

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-converter-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  expect(action?.leftovers()).toEqual([]);
  await action?.stop();
});

async function convertWith(script: string, environment: Record<string, string> = {}, jpeg: Buffer = PHOTO) {
  const program = path.join(folder, 'convert');
  writeFileSync(program, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  chmodSync(program, 0o755);
  action = await PythonAction.start('v1', { PDFMAGIC_CONVERT: program, FOLDER: folder, ...environment });
  return action.run({ __ow_body: jpeg.toString('base64') });
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('the converter', () => {
  it('that finds the disk full is no fault of the JPEG: the answer says so, and how much is needed', async () => {
    const response = await convertWith(
      'echo "convert: unable to write file: No space left on device @ error" >&2; exit 1',
    );
    expect(response).toMatchObject({
      statusCode: 502,
      body: { error: expect.stringMatching(/^No space is left .*twice/) },
    });
  });

  it('is killed with all it started when time is up, which the deadline of the activation sets', async () => {
    const script = 'sleep 1000 & echo $$ $! > "$FOLDER/pids"; touch half.pdf; wait';
    const response = await convertWith(script, { __OW_DEADLINE: `${Date.now()}` });
    expect(response).toMatchObject({ statusCode: 422, body: { code: 'too-slow' } });
    const pids = readFileSync(path.join(folder, 'pids'), 'utf8').trim().split(' ').map(Number);
    expect(pids).toHaveLength(2);
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 30_000 });
  });

  it('gets no variable of OpenWhisk, nothing to read and its own folder to work in', async () => {
    const look =
      'env > "$FOLDER/env"; cat > "$FOLDER/stdin"; pwd > "$FOLDER/pwd"; printf "%s\\n" "$@" > "$FOLDER/args"; exit 1';
    await convertWith(look, { __OW_API_KEY: 'uuid:key' });
    const seen = (name: string) => readFileSync(path.join(folder, name), 'utf8');
    expect(seen('env')).not.toContain('__OW_');
    expect(seen('stdin')).toBe('');
    expect(path.basename(seen('pwd'))).toMatch(/^pdfmagic-/);
    const args = seen('args').trim().split('\n');
    expect(args.slice(args.indexOf('jpeg:photo.jpg') - 2)).toEqual([
      ...[
        '-define',
        'jpeg:fancy-upsampling=off',
        'jpeg:photo.jpg',
        '-strip',
        '-interlace',
        'none',
        '-define',
        'jpeg:optimize-coding=true',
      ],
      ...['-sampling-factor', '2x2,1x1,1x1', '-type', 'TrueColor', '-define', 'jpeg:q-table=tables.xml'],
      ...['-quality', '50', 'jpeg:page.jpg'],
    ]);
  });

  it('sees the image data alone: no Exif, no comment, nothing behind the picture', async () => {
    const secret = segment(0xfe, Buffer.from('PRIVATE comment'));
    const jpeg = Buffer.concat([insert(PHOTO, exif(6), secret), Buffer.from('PRIVATE film')]);
    await convertWith('cat photo.jpg > "$FOLDER/given"; exit 1', {}, jpeg);
    const given = readFileSync(path.join(folder, 'given'));
    expect(given.includes('Exif')).toBe(false);
    expect(given.includes('PRIVATE')).toBe(false);
    expect(given.subarray(-10_000).equals(PHOTO.subarray(-10_000))).toBe(true);
  });

  it.each([
    ['echo "convert: attempt to perform an operation not allowed by the security policy" >&2; exit 1', 502],
    ['echo "convert: cache resources exhausted" >&2; exit 1', 413],
    ['echo "convert: time limit exceeded" >&2; exit 1', 422],
    ['exit 3', 502],
    ['kill -9 $$', 502],
    ['exit 0', 502],
    [': > page.jpg', 502],
    ['echo nonsense > page.jpg', 502],
  ])('that does %j is a result, too', async (script, statusCode) => {
    expect(await convertWith(script)).toMatchObject({ statusCode, body: { error: expect.any(String) } });
  });

  it('that is missing is named, with the remedy', async () => {
    action = await PythonAction.start('v1', { PDFMAGIC_CONVERT: '/nonexistent/convert' });
    const response = await action.run({ __ow_body: PHOTO.toString('base64') });
    expect(response).toMatchObject({ statusCode: 502, body: { error: expect.stringContaining('runtime image') } });
  });

  it('that writes more than 1 MiB of result is answered by 413 that names v2', async () => {
    const response = await convertWith(
      'head -c -2 photo.jpg > page.jpg; head -c 800000 /dev/zero >> page.jpg; printf "\\377\\331" >> page.jpg',
    );
    expect(response).toMatchObject({ statusCode: 413, body: { code: 'too-large' } });
    expect(JSON.stringify(response)).toContain('v2');
  });
});
