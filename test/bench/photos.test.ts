import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { makePhotos } from '../../cli/bench/photos';

const UNITS: Readonly<Record<string, number>> = { kB: 1e3, MB: 1e6 };

test('the photos of the bench are as large as they are called, and the largest has 12 megapixels', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pdfmagic-photos-test-'));
  try {
    const photos = makePhotos(folder, 3);
    for (const { name, jpeg } of photos) {
      const [number, unit = ''] = name.split(' ');
      expect(jpeg.length / (Number(number) * (UNITS[unit] ?? 0)), name).toBeCloseTo(1, 1);
    }
    const described = execFileSync('/usr/bin/identify', [photos.at(-1)?.file ?? ''], { encoding: 'utf8' });
    expect(described).toContain(' 4000x3000 ');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
