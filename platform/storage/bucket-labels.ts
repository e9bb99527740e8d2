/**
 * Labels of buckets, which fake-gcs-server takes and forgets: kept in a file beside it, and put back into its answers. Those
 * of a bucket are the ones that it was made with.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isObject, type Json, type JsonObject } from '../../ground/json';
import { writePrivateFile } from '../../ground/private-file';

const FILE = 'bucket-labels.json';

/** The labels of the buckets in a data folder. */
export class BucketLabels {
  private readonly file: string;
  /** By name of the bucket. */
  private readonly labels: Map<string, Json>;

  constructor(dataDir: string) {
    this.file = path.join(dataDir, FILE);
    this.labels = new Map(Object.entries(readLabels(this.file)));
  }

  /** Keeps those of a bucket that was made. @param bucket as the request has it */
  keep({ name, labels = {} }: JsonObject): void {
    this.labels.set(String(name), labels);
    writePrivateFile(this.file, JSON.stringify(Object.fromEntries(this.labels)));
  }

  /** An answer with the labels of the buckets in it. */
  addTo(answer: Json): Json {
    if (!isObject(answer) || !Array.isArray(answer.items)) return this.label(answer);
    return { ...answer, items: answer.items.map((item) => this.label(item)) };
  }

  private label(value: Json): Json {
    if (!isObject(value) || value.kind !== 'storage#bucket') return value;
    const labels = this.labels.get(String(value.name));
    return labels === undefined ? value : { ...value, labels };
  }
}

/** A file that was lost or damaged costs labels, and no bucket. */
function readLabels(file: string): JsonObject {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Json;
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
