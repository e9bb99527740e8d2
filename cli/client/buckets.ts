/** The buckets of a stack: with the login of whoever runs the command, or none at all on an emulator. */
import type { Bucket, File } from '@google-cloud/storage' with { 'resolution-mode': 'import' };
import { z } from 'zod';
import { PART, REENCODED } from '../../contract/options';
import { codeOf } from '../../ground/errors';
import { Failure, wordsOf } from '../failure';
import type { Stack } from '../stack/stack';
import { abortable } from './abortable';
import { EmulatedObjects, type Metadata } from './emulated-objects';

/** An object as it is listed. */
export interface Stored {
  readonly name: string;
  readonly generation: bigint;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly updated: number;
  /** Why its photograph was encoded again although the original was asked for, as v2 marks it. */
  readonly reencoded?: string | undefined;
  /** Whether it is a photograph of an album, of which no PDF of its own is made. */
  readonly isPart?: boolean;
  /** What it was made from, as v2 marks it (`actions/buckets/source.py`); undefined for what v2 did not write. */
  readonly source: Source | undefined;
}

/** One generation of an object. */
export interface Source {
  readonly bucket: string;
  readonly name: string;
  readonly generation: bigint;
}

/** How an object is uploaded. */
export interface UploadManner {
  readonly signal?: AbortSignal;
  readonly replace?: boolean;
  readonly marks?: Readonly<Record<string, string>>;
}

/** Milliseconds: for what is small, and for an object whole. */
const TIMEOUT = 30_000;
const TRANSFER_TIMEOUT = 300_000;
/** Bytes in a millisecond, of a network that is just fast enough. */
const SLOWEST = 250;

/** One bucket. All throw Failure, in words that say whose fault it is. */
export class CloudBucket {
  private opened: Promise<Bucket> | undefined;
  private readonly emulated: EmulatedObjects | undefined;

  /** @param retry whether what passes by itself is tried again */
  constructor(
    private readonly stack: Pick<Stack, 'storageEndpoint'>,
    readonly name: string,
    private readonly retry = true,
  ) {
    const { storageEndpoint } = stack;
    this.emulated = storageEndpoint === undefined ? undefined : new EmulatedObjects(storageEndpoint, name, retry);
  }

  /** Google's client, which takes half a second to load: for uploads, for what is large, and for the real storage. */
  private open(): Promise<Bucket> {
    this.opened ??= import('@google-cloud/storage').then(({ Storage }) => {
      const { storageEndpoint } = this.stack;
      const emulator = storageEndpoint === undefined ? {} : { apiEndpoint: storageEndpoint, projectId: 'pdfmagic' };
      const retryOptions = { autoRetry: this.retry };
      return new Storage({ ...emulator, timeout: TIMEOUT, retryOptions }).bucket(this.name);
    });
    return this.opened;
  }

  /**
   * Uploads a JPEG: a file, or bytes.
   * @param replace whether what has the name goes; otherwise the name is one that nothing has yet
   * @param marks its custom metadata
   * @returns its generation
   */
  async upload(
    jpeg: string | Buffer,
    name: string,
    { signal, replace = false, marks = {} }: UploadManner = {},
  ): Promise<bigint> {
    const what = typeof jpeg === 'string' ? jpeg : name;
    return this.try(`${what} cannot be uploaded`, TRANSFER_TIMEOUT, signal, async () => {
      // A name of its own, and only if there is nothing: so an attempt whose answer is lost may be repeated.
      const onlyNew = replace ? {} : { preconditionOpts: { ifGenerationMatch: 0 } };
      const options = { resumable: false, metadata: { contentType: 'image/jpeg', metadata: { ...marks } }, ...onlyNew };
      const bucket = await this.open();
      const object = bucket.file(name);
      try {
        if (typeof jpeg !== 'string') await object.save(jpeg, { ...options, validation: false });
        else object.metadata = (await bucket.upload(jpeg, { ...options, destination: name }))[0].metadata;
        return BigInt(z.coerce.string().parse(object.metadata.generation));
      } catch (error) {
        if (replace || readStatus(error) !== 412) throw error;
        return readStored(await loadMetadata(object)).generation;
      }
    });
  }

  /** An object whole; undefined if there is none. */
  async read(name: string, signal?: AbortSignal): Promise<Buffer | undefined> {
    return this.try(`${name} cannot be read`, TRANSFER_TIMEOUT, signal, (limit) =>
      allowMissing(async () => {
        if (this.emulated !== undefined) return this.emulated.read(name, limit);
        return (await (await this.open()).file(name).download())[0];
      }),
    );
  }

  /**
   * Writes an object to a file, whole.
   * @param bytes its size: large ones get more time
   */
  async download(name: string, file: string, bytes: number, signal?: AbortSignal): Promise<void> {
    const timeout = TRANSFER_TIMEOUT + Math.ceil(bytes / SLOWEST);
    await this.try(`${name} cannot be read`, timeout, signal, async () => {
      await (await this.open()).file(name).download({ destination: file });
    });
  }

  /** Deletes an object, if there is one. */
  async remove(name: string, signal?: AbortSignal): Promise<void> {
    await this.try(`${name} cannot be deleted`, TIMEOUT, signal, async () => {
      await (await this.open()).file(name).delete({ ignoreNotFound: true });
    });
  }

  /** What is known of an object; undefined if there is none. */
  async find(name: string, signal?: AbortSignal): Promise<Stored | undefined> {
    return this.try(`${name} cannot be looked up`, TIMEOUT, signal, (limit) =>
      allowMissing(async () => {
        if (this.emulated !== undefined) return readStored(await this.emulated.find(name, limit));
        return readStored(await loadMetadata((await this.open()).file(name)));
      }),
    );
  }

  /** All objects, or those whose names begin with `prefix`. */
  async list(prefix = ''): Promise<Stored[]> {
    return this.try('its files cannot be listed', TRANSFER_TIMEOUT, undefined, async (limit) => {
      if (this.emulated !== undefined) return (await this.emulated.list(prefix, limit)).map(readStored);
      const [files] = await (await this.open()).getFiles({ prefix });
      return files.map((file) => readStored(metadataOf(file)));
    });
  }

  /** Google's client waits without end for an answer that is cut off, and knows no signal. */
  private async try<T>(
    trouble: string,
    timeout: number,
    signal: AbortSignal | undefined,
    action: (limit: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const late = AbortSignal.timeout(timeout);
    const limit = signal === undefined ? late : AbortSignal.any([signal, late]);
    try {
      return await abortable(action(limit), limit);
    } catch (error) {
      const words = wordsOf(error);
      throw new Failure(
        `Bucket ${this.name}: ${trouble}: ${words}${words.endsWith('.') ? '' : '.'}`,
        chooseHint(error),
      );
    }
  }
}

function readStored({ name, generation, size, updated, timeCreated, metadata: marks = {} }: Metadata): Stored {
  return {
    name,
    generation: BigInt(generation ?? 0),
    size: Number(size ?? 0),
    updated: Date.parse(updated ?? timeCreated ?? ''),
    source: readSource(marks),
    isPart: marks[PART.key] === PART.value,
    reencoded: readText(marks[REENCODED.field]),
  };
}

function metadataOf({ name, metadata }: File): Metadata {
  const { generation, size, updated, timeCreated, metadata: marks } = metadata;
  return { name, generation: generation?.toString(), size: size?.toString(), updated, timeCreated, metadata: marks };
}

function readSource(marks: Readonly<Record<string, unknown>>): Source | undefined {
  const generation = String(marks['source-generation']);
  const [bucket, name] = [marks['source-bucket'], marks['source-name']];
  if (typeof bucket !== 'string' || typeof name !== 'string' || !/^\d+$/.test(generation)) return undefined;
  return { bucket, name, generation: BigInt(generation) };
}

function readText(mark: unknown): string | undefined {
  return typeof mark === 'string' ? mark : undefined;
}

async function loadMetadata(file: File): Promise<Metadata> {
  await file.getMetadata();
  return metadataOf(file);
}

async function allowMissing<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    // That the bucket is missing is another thing; the client says which of the two.
    if (readStatus(error) === 404 && !/bucket does not exist/i.test(wordsOf(error))) return undefined;
    throw error;
  }
}

/** Google's client has the status as the code. */
function readStatus(error: unknown): number | undefined {
  const code = codeOf(error);
  return code === undefined ? undefined : Number(code);
}

function chooseHint(error: unknown): string | undefined {
  const words = wordsOf(error);
  if (/default credentials|invalid_grant|reauth|invalid_rapt/i.test(words))
    return 'Log in: gcloud auth application-default login.';
  if (/ECONNREFUSED/.test(words)) return 'Is the local platform running? `npm start` or `npm run platform` starts it.';
  switch (readStatus(error)) {
    case 401:
      return 'Log in again: gcloud auth application-default login.';
    case 403:
      return 'Your Google account needs Storage Object User on the buckets of the stack: ask whoever owns the project.';
    case 404:
      return 'The bucket is gone. Run `pulumi refresh`, then `pulumi up`; on this machine, `npm run refresh`, then `npm run up`.';
    case 507:
      // The emulator's disk is full: its words say what to do.
      return undefined;
    default:
      return 'Try again.';
  }
}
