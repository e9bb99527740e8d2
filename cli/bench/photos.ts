/** The JPEGs that are converted: one of the project, and two larger ones made of it, the same at each run. */
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../ground/errors';
import { explainFileError } from '../../ground/file-error';
import { UsageFailure } from '../failure';
import { projectPath } from '../project';

/** A JPEG to convert. */
export interface BenchPhoto {
  /** In words, such as `66 kB`. */
  readonly name: string;
  readonly file: string;
  readonly jpeg: Buffer;
}

/** How the larger ones are made, by ImageMagick: 1.9 and 12 megapixels. The noise is that of a camera, with a fixed seed. */
const LARGER = [
  { name: '235 kB', how: ['-resize', '1600x1200!', '-quality', '84'] },
  {
    name: '3 MB',
    how: ['-resize', '4000x3000!', '-attenuate', '0.35', '-seed', '7', '+noise', 'Gaussian', '-quality', '86'],
  },
];

/** The first `count` of them, the smallest first. @param folder for those that are made */
export function makePhotos(folder: string, count: number): BenchPhoto[] {
  const example = projectPath('examples/photo.jpg');
  const larger = LARGER.slice(0, count - 1).map(({ name, how }, index) => {
    const file = path.join(folder, `photo-${index}.jpg`);
    execFileSync('/usr/bin/convert', [`jpeg:${example}`, '-strip', '-sampling-factor', '1x1', ...how, `jpeg:${file}`]);
    return readPhoto(file, name);
  });
  return [readPhoto(example, '66 kB'), ...larger];
}

/** Any JPEG. @throws Error when it cannot be read */
export function readPhoto(file: string, name = describeSize(statSync(file).size)): BenchPhoto {
  return { name, file: path.resolve(file), jpeg: readFileSync(file) };
}

/** @throws UsageFailure when the file cannot be read or does not begin as a JPEG does */
export function requireJpeg(file: string): void {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new UsageFailure(`--photo: ${explainFileError(error) ?? messageOf(error)}`, 'Name a JPEG that is there.');
  }
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) throw new UsageFailure(`--photo: ${file} is not a JPEG.`, 'Name a JPEG.');
}

function describeSize(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
