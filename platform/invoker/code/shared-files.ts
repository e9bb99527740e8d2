/**
 * Files that several zips hold, such as the libraries of all actions: unpacked once, and linked wherever they are needed again. Nobody
 * may write to unpacked code, so those who have a file in common do not notice each other.
 *
 * A file is known by the SHA-256 of its bytes as they are in the zip, never by its CRC, which a hostile zip can choose.
 */
import { createHash } from 'node:crypto';
import { link } from 'node:fs/promises';
import path from 'node:path';
import type { Entry } from 'yauzl';

/** Files that are remembered: those that were unpacked last. */
const REMEMBERED = 20_000;

export class SharedFiles {
  private readonly places = new Map<string, string>();

  /** For the files of one zip, which is unpacked into `draft`. */
  start(draft: string): FilesOfZip {
    return new FilesOfZip(this.places, draft);
  }
}

export class FilesOfZip {
  private readonly names = new Map<string, string>();

  constructor(
    private readonly places: Map<string, string>,
    private readonly draft: string,
  ) {}

  /**
   * Makes `target` a link to such a file, if there is one still; says whether it did.
   * @param stored the bytes of the entry in the zip
   */
  async link(entry: Entry, stored: Buffer, mode: number, target: string): Promise<boolean> {
    const key = identify(entry, stored, mode);
    this.names.set(path.relative(this.draft, target), key);
    const place = this.places.get(key);
    if (place === undefined) return false;
    return link(place, target).then(
      () => true,
      () => false,
    );
  }

  /** Says that the whole zip is unpacked, in a folder where it stays: from now on others can have its files. */
  settle(folder: string): void {
    for (const [name, key] of this.names) {
      this.places.delete(key);
      this.places.set(key, path.join(folder, name));
    }
    for (const key of this.places.keys()) {
      if (this.places.size <= REMEMBERED) break;
      this.places.delete(key);
    }
  }
}

/** What a file is known by: its bytes in the zip, and how they become a file of this mode. */
function identify({ compressionMethod, uncompressedSize }: Entry, stored: Buffer, mode: number): string {
  const hash = createHash('sha256').update(stored).digest('base64');
  return `${hash} ${compressionMethod} ${uncompressedSize} ${mode}`;
}
