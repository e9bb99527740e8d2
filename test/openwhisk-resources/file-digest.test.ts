/** The digest of a code file: of what the file holds now, and taken once for as long as that stays. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digestFile } from '@pdfmagic/openwhisk/file-digest';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../packaging/folders';

const digestOf = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
/** A large file that nobody changes. */
const LARGE = require.resolve('typescript/lib/typescript.js');
const IO = '/proc/self/io';
const bytesRead = () => Number(/rchar: (\d+)/.exec(readFileSync(IO, 'utf8'))?.[1]);

describe('the digest of a file', () => {
  test('is that of its bytes, however many there are', async () => {
    const empty = path.join(temporaryFolder(), 'empty');
    writeFileSync(empty, '');
    expect(await digestFile(empty)).toBe(digestOf(''));
    expect(await digestFile(LARGE)).toBe(digestOf(readFileSync(LARGE)));
  });

  test.runIf(existsSync(IO))('is taken once, as long as the file stays as it is', async () => {
    await digestFile(LARGE);
    const before = bytesRead();
    await digestFile(LARGE);
    expect(bytesRead() - before).toBeLessThan(statSync(LARGE).size / 10);
  });

  test('is another one after a change, also where size and times do not tell', async () => {
    const file = path.join(temporaryFolder(), 'code');
    for (const content of ['one', 'two', 'six']) {
      writeFileSync(file, content);
      utimesSync(file, 1, 1);
      expect(await digestFile(file)).toBe(digestOf(content));
    }
  });

  test('of a file that is not there cannot be taken', async () => {
    await expect(digestFile(path.join(temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
