/** Uploads as fast as Google's client can, and does not give up while the platform is down. */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { CloudBucket } from '../client/buckets';
import type { Service } from '../client/service';
import type { StressFile } from './files';

const CONCURRENCY = 16;
/** Milliseconds before an upload that failed is tried again, and until it counts as failed for good. */
const PAUSE = 200;
const PATIENCE = 120_000;

/** What is known of the uploads of one name. */
export interface Uploaded {
  /** The newest generation that was answered. */
  generation: bigint;
  /** Attempts, also those whose answer was lost: each may have made a generation. */
  tries: number;
}

/** Uploads to one bucket, and knows of each name what was answered. */
export class Uploader {
  readonly uploads = new Map<string, Uploaded>();
  private readonly bucket;

  constructor({ stack }: Service) {
    this.bucket = new CloudBucket(stack, stack.inBucket, false);
  }

  /** @throws Error when it cannot be uploaded for two minutes */
  async upload({ name, bytes }: StressFile): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    const uploaded = this.uploads.get(name) ?? { generation: 0n, tries: 0 };
    this.uploads.set(name, uploaded);
    for (;;) {
      uploaded.tries += 1;
      try {
        const generation = await this.bucket.upload(bytes, name, { replace: true });
        if (generation > uploaded.generation) uploaded.generation = generation;
        return;
      } catch (error) {
        if (performance.now() > deadline) throw error;
        await sleep(PAUSE);
      }
    }
  }
}

/** @param done is called after each file; @throws Error when one cannot be uploaded for two minutes */
export async function uploadAll(
  service: Service,
  files: readonly StressFile[],
  done: (count: number) => void,
): Promise<Map<string, Uploaded>> {
  const uploader = new Uploader(service);
  const limit = pLimit(CONCURRENCY);
  let count = 0;
  const upload = async (file: StressFile): Promise<void> => {
    await uploader.upload(file);
    done(++count);
  };
  await Promise.all(files.map((file) => limit(() => upload(file))));
  return uploader.uploads;
}
