/** Sessions of resumable uploads, in files: what they are to become, and the bytes that have come. They outlive the platform. */
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import type { JsonObject } from '../../ground/json';
import { writePrivateFile } from '../../ground/private-file';
import type { Attributes } from './attributes';
import type { Checksums } from './checksums';
import { GoogleError } from './google-error';
import type { Preconditions } from './preconditions';
import type { ObjectPath } from './requests';
import type { Spool } from './spool';

/** What a session is to become, and whether it has. */
export interface Session {
  readonly object: ObjectPath;
  readonly attributes: Attributes;
  readonly conditions: Preconditions;
  readonly checksums: Checksums;
  /** Bytes, once they are known. */
  readonly total?: number;
  /** The resource of the object that was made: asked for again when its client did not hear of it. */
  readonly made?: JsonObject;
  readonly cancelled?: true;
}

/** Google keeps a session for a week; milliseconds. */
const LIFETIME = 7 * 24 * 3600 * 1000;
const ID = /^[0-9a-f]{32}$/;

export class Sessions {
  constructor(private readonly spool: Spool) {
    spool.clear((file) => this.isWanted(file));
  }

  /** Begins a session. @returns its id */
  async begin(session: Session): Promise<string> {
    const id = randomBytes(16).toString('hex');
    await this.spool.guard(async () => {
      writeFileSync(this.nameContentFile(id), '', { mode: 0o600 });
      this.write(id, session);
    });
    return id;
  }

  /** @throws GoogleError 404 when there is no such session, 410 when it is over a week old */
  find(id: string): Session {
    const record = ID.test(id) ? this.record(id) : undefined;
    if (record === undefined) throw new GoogleError(404, 'There is no such upload.');
    if (isOver(record)) {
      this.remove(id);
      throw new GoogleError(410, 'The upload began more than a week ago. Start it again.');
    }
    return JSON.parse(readFileSync(record, 'utf8')) as Session;
  }

  change(id: string, session: Session): Promise<void> {
    return this.spool.guard(async () => this.write(id, session));
  }

  /** Ends a session: its bytes go, what became of it stays known. */
  async end(id: string, session: Session): Promise<void> {
    await this.change(id, session);
    rmSync(this.nameContentFile(id), { force: true });
  }

  /** Bytes that have come. */
  size(id: string): number {
    return statSync(this.nameContentFile(id)).size;
  }

  open(id: string): Promise<FileHandle> {
    return open(this.nameContentFile(id), 'r+');
  }

  /** Forgets all bytes behind a place. */
  truncate(id: string, size: number): void {
    truncateSync(this.nameContentFile(id), size);
  }

  private write(id: string, session: Session): void {
    writePrivateFile(path.join(this.spool.folder, `${id}.json`), JSON.stringify(session));
  }

  private record(id: string): string | undefined {
    const file = path.join(this.spool.folder, `${id}.json`);
    return statSync(file, { throwIfNoEntry: false }) && file;
  }

  private nameContentFile(id: string): string {
    return path.join(this.spool.folder, `${id}.part`);
  }

  private remove(id: string): void {
    for (const ending of ['json', 'part']) rmSync(path.join(this.spool.folder, `${id}.${ending}`), { force: true });
  }

  private isWanted(file: string): boolean {
    const [, id, ending] = /^([0-9a-f]{32})\.(json|part)$/.exec(file) ?? [];
    const record = id === undefined ? undefined : this.record(id);
    if (id === undefined || record === undefined || isOver(record)) return false;
    return ending === 'json' || !isEnded(JSON.parse(readFileSync(record, 'utf8')) as Session);
  }
}

function isEnded({ made, cancelled }: Session): boolean {
  return made !== undefined || cancelled === true;
}

function isOver(record: string): boolean {
  return Date.now() - statSync(record).mtimeMs > LIFETIME;
}
