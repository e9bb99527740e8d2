/** Writes of new objects: the one way in which content gets into a bucket, whatever request brought it. */
import type { JsonObject } from '../../ground/json';
import type { Attributes } from './attributes';
import type { Checksums } from './checksums';
import type { Piece } from './content';
import { GoogleError } from './google-error';
import type { Objects } from './objects';
import { checkWrite, type Preconditions } from './preconditions';
import type { ObjectPath } from './requests';
import { type ObjectRecord, resourceOf, type Stored } from './resource';
import type { WriteListener } from './written';

/** What is to be written. */
export interface NewObject {
  readonly object: ObjectPath;
  readonly content: readonly Piece[];
  readonly attributes: Attributes;
  readonly conditions: Preconditions;
  readonly checksums?: Checksums;
}

export class Writes {
  constructor(
    readonly objects: Objects,
    private readonly listener: WriteListener | undefined,
    private readonly endpoint: () => string,
  ) {}

  /** Writes an object if its preconditions hold, and tells of it. @throws GoogleError 400, 404, 412, 413, 503, 507 */
  write({ object, content, attributes, conditions, checksums }: NewObject): Promise<Stored> {
    const { objects } = this;
    return objects.locked(object, async () => {
      const before = await objects.look(object);
      checkWrite(conditions, before);
      const now = new Date().toISOString();
      const record: ObjectRecord = {
        generation: objects.makeGeneration(before),
        metageneration: 1,
        timeCreated: now,
        updated: now,
        attributes: addType(attributes),
      };
      const stored = await objects.put(object, content, record, before, checksums).catch((error: unknown) => {
        // Of what is refused, nothing was written; of what failed otherwise, nobody knows.
        if (!(error instanceof GoogleError)) this.listener?.uncertain();
        throw error;
      });
      this.listener?.written(object.bucket, object.name, this.resource(stored));
      return stored;
    });
  }

  /** Checks what can be known before there is content. @throws GoogleError 404, 412 */
  async precheck(object: ObjectPath, conditions: Preconditions): Promise<void> {
    checkWrite(conditions, await this.objects.look(object));
  }

  /** The resource of an object as clients get it. */
  resource(stored: Stored, projection?: 'full' | 'noAcl'): JsonObject {
    return resourceOf(stored, this.endpoint(), projection);
  }
}

function addType(attributes: Attributes): Attributes {
  return { ...attributes, fields: { contentType: 'application/octet-stream', ...attributes.fields } };
}
