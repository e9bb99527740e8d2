/** The folder for records of objects that are too long to be kept beside the content. A file is written once, then only read. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

export class Overflow {
  private readonly folder: string;

  constructor(dataDir: string) {
    this.folder = path.join(dataDir, 'records');
  }

  /** Writes a record that nothing points to yet. @returns its id */
  async write(text: string): Promise<string> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const id = randomUUID();
    await writeFile(this.file(id), text, { mode: 0o600 });
    return id;
  }

  read(id: string): Promise<string> {
    return readFile(this.file(id), 'utf8');
  }

  async remove(id: string | undefined): Promise<void> {
    if (id !== undefined) await rm(this.file(id), { force: true });
  }

  /** Ids of all records; none when there never was one. */
  ids(): string[] {
    try {
      return readdirSync(this.folder);
    } catch {
      return [];
    }
  }

  private file(id: string): string {
    if (!/^[0-9a-f-]{36}$/.test(id)) throw new Error(`${JSON.stringify(id)} is not a record.`);
    return path.join(this.folder, id);
  }
}
