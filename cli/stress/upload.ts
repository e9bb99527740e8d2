/** Uploads as fast as Google's client can, and does not give up while the platform is down. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Storage } from '@google-cloud/storage';
import pLimit from 'p-limit';
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

  constructor(endpoint: string, bucketName: string) {
    this.bucket = new Storage({
      apiEndpoint: endpoint,
      projectId: 'pdfmagic',
      retryOptions: { autoRetry: false },
    }).bucket(bucketName);
  }

  /** @throws Error when it cannot be uploaded for two minutes */
  async upload({ name, bytes }: StressFile): Promise<void> {
    const deadline = Date.now() + PATIENCE;
    const uploaded = this.uploads.get(name) ?? { generation: 0n, tries: 0 };
    this.uploads.set(name, uploaded);
    for (;;) {
      uploaded.tries += 1;
      const file = this.bucket.file(name);
      try {
        await file.save(bytes, { contentType: 'image/jpeg', resumable: false, validation: false });
        const generation = BigInt(String(file.metadata.generation));
        if (generation > uploaded.generation) uploaded.generation = generation;
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(PAUSE);
      }
    }
  }
}

/** @param done is called after each file; @throws Error when one cannot be uploaded for two minutes */
export async function uploadAll(
  endpoint: string,
  bucketName: string,
  files: readonly StressFile[],
  done: (count: number) => void,
): Promise<Map<string, Uploaded>> {
  const uploader = new Uploader(endpoint, bucketName);
  const limit = pLimit(CONCURRENCY);
  let count = 0;
  const upload = async (file: StressFile): Promise<void> => {
    await uploader.upload(file);
    done(++count);
  };
  await Promise.all(files.map((file) => limit(() => upload(file))));
  return uploader.uploads;
}
