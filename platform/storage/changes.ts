/** Changes of objects that are there, and objects made of others: metadata, deletion, copies, compositions. */
import type { FileHandle } from 'node:fs/promises';
import type http from 'node:http';
import type { Json, JsonObject } from '../../ground/json';
import { type Attributes, NO_ATTRIBUTES, readAttributes } from './attributes';
import { GoogleError } from './google-error';
import {
  type Preconditions,
  readPreconditions,
  readSourcePreconditions,
  requireLive,
  requireNumber,
} from './preconditions';
import { type ObjectPath, requireNamed } from './requests';
import { readObject, type Stored } from './resource';
import type { Writes } from './writes';

/** How many objects Google composes at a time. */
const MOST_SOURCES = 32;

/**
 * Changes an object's metadata, and nothing else of it: the generation stays, the metageneration does not.
 * @param replaces whether what the body does not name goes (PUT), or stays (PATCH)
 * @throws GoogleError 400, 404, 412, 503, 507
 */
export async function changeMetadata(
  object: ObjectPath,
  body: JsonObject,
  conditions: Preconditions,
  replaces: boolean,
  { objects }: Writes,
): Promise<Stored> {
  return objects.locked(object, async () => {
    const live = requireLive(conditions, await objects.look(object), object, false);
    const attributes = readAttributes(body, replaces ? NO_ATTRIBUTES : live.attributes);
    const { generation, metageneration, timeCreated, size } = live;
    const updated = new Date().toISOString();
    const record = { generation, metageneration: metageneration + 1, timeCreated, updated, attributes };
    const file = await objects.open(object);
    try {
      return await objects.put(object, [{ file, start: 0, size }], record, live);
    } finally {
      await file.close();
    }
  });
}

/** Deletes an object. @throws GoogleError 400, 404, 412 */
export async function deleteObject(object: ObjectPath, conditions: Preconditions, { objects }: Writes): Promise<void> {
  await objects.locked(object, async () => {
    await objects.remove(requireLive(conditions, await objects.look(object), object, false));
  });
}

/** An object whose content is held open, so that it is the one that was looked at, whatever is written meanwhile. */
interface Source {
  readonly stored: Stored;
  readonly file: FileHandle;
}

/** Copies an object, with its metadata or with that of the body. @throws GoogleError 400, 404, 412, 503, 507 */
export async function copyObject(
  { from, to }: { readonly from: ObjectPath; readonly to: ObjectPath },
  body: JsonObject,
  query: URLSearchParams,
  headers: http.IncomingHttpHeaders,
  writes: Writes,
): Promise<Stored> {
  const { generation: _, ...conditions } = readPreconditions(query, headers);
  const given = Object.keys(body).length > 0 ? readAttributes(body) : undefined;
  writes.objects.requireBucket(to.bucket);
  return withSources([{ object: from, conditions: readSourcePreconditions(query) }], writes, ([source]) =>
    writes.write({
      object: to,
      content: piecesOf(source === undefined ? [] : [source]),
      attributes: inherit(given, source?.stored),
      conditions,
    }),
  );
}

/** Joins objects of one bucket. @throws GoogleError 400, 404, 412, 503, 507; ObjectNameError */
export async function composeObjects(
  object: ObjectPath,
  body: JsonObject,
  conditions: Preconditions,
  writes: Writes,
): Promise<Stored> {
  const { destination, sourceObjects } = body;
  if (!Array.isArray(sourceObjects) || sourceObjects.length === 0 || sourceObjects.length > MOST_SOURCES)
    throw new GoogleError(400, `The number of source components must be between 1 and ${MOST_SOURCES}.`);
  const given = readAttributes(readObject(destination));
  const wanted = sourceObjects.map((source) => readSource(object.bucket, source));
  return withSources(wanted, writes, (sources) =>
    writes.write({
      object,
      content: piecesOf(sources),
      // Only the type is taken from the first of them.
      attributes: { ...given, fields: { ...typeOf(sources[0]?.stored), ...given.fields } },
      conditions,
    }),
  );
}

interface Wanted {
  readonly object: ObjectPath;
  readonly conditions: Preconditions;
}

function readSource(bucket: string, value: Json): Wanted {
  const { name, generation, objectPreconditions } = readObject(value);
  const { ifGenerationMatch } = readObject(objectPreconditions);
  return {
    object: { bucket, name: requireNamed(name) },
    conditions: {
      ...(generation != null && { generation: requireNumber('generation', String(generation)) }),
      ...(ifGenerationMatch != null && {
        ifGenerationMatch: requireNumber('ifGenerationMatch', String(ifGenerationMatch)),
      }),
    },
  };
}

/** Opens objects one after the other, so that no two requests wait for each other's, and closes them afterwards. */
async function withSources<Result>(
  wanted: readonly Wanted[],
  { objects }: Writes,
  step: (sources: readonly Source[]) => Promise<Result>,
): Promise<Result> {
  const sources: Source[] = [];
  try {
    for (const { object, conditions } of wanted) {
      sources.push(
        await objects.locked(object, async () => {
          const stored = requireLive(conditions, await objects.look(object), object, false);
          return { stored, file: await objects.open(object) };
        }),
      );
    }
    return await step(sources);
  } finally {
    await Promise.all(sources.map(({ file }) => file.close()));
  }
}

function piecesOf(sources: readonly Source[]) {
  return sources.map(({ stored, file }) => ({ file, start: 0, size: stored.size }));
}

function inherit(given: Attributes | undefined, source: Stored | undefined): Attributes {
  if (given === undefined) return source?.attributes ?? NO_ATTRIBUTES;
  return { ...given, fields: { ...typeOf(source), ...given.fields } };
}

function typeOf(stored: Stored | undefined): { contentType?: string } {
  const contentType = stored?.attributes.fields.contentType;
  return contentType === undefined ? {} : { contentType };
}
