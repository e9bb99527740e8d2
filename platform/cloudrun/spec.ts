/** What is deployed to Cloud Run here, and the file that keeps it over restarts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { hasCode, messageOf } from '../../ground/errors';
import { writePrivateFile } from '../../ground/private-file';

/** Notes of whoever deployed it, kept and given back: https://cloud.google.com/run/docs/reference/rest/v2/projects.locations.services */
const annotations = z.record(z.string().min(1), z.string()).optional();

/** A service, as far as it matters here; names after Cloud Run's Admin API v2 (`RevisionTemplate`). */
export const serviceSpec = z.strictObject({
  /** The content tag of the image: another one is another revision. */
  image: z.string().min(1),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string()),
  /** Requests that one instance takes at a time. */
  maxInstanceRequestConcurrency: z.int().min(1).max(1000),
  maxInstanceCount: z.int().min(1).max(100),
  /** Seconds for one request. */
  timeout: z.int().min(1).max(3600),
  /** Seconds without a request after which an instance ends. */
  idleTimeout: z.int().min(1).max(3600),
  annotations,
});
export type ServiceSpec = z.infer<typeof serviceSpec>;

/** A trigger of Eventarc: new objects of a bucket go to a path of a service. */
export const triggerSpec = z.strictObject({
  service: z.string().min(1),
  path: z.string().regex(/^\/\S*$/),
  bucket: z.string().min(1),
  annotations,
});
export type TriggerSpec = z.infer<typeof triggerSpec>;

/** A label as in a host name. */
export const resourceName = z.string().regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/);

const deployed = z.object({
  services: z.record(z.string(), serviceSpec),
  triggers: z.record(z.string(), triggerSpec),
});
/** All that is deployed, by name. */
export type Deployed = z.infer<typeof deployed>;

const FILE = 'cloudrun.json';

/** What an earlier run had deployed; nothing if there was none. @throws Error for a file that is of no use */
export function readDeployed(dataDir: string): Deployed {
  const file = path.join(dataDir, FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { services: {}, triggers: {} };
    throw error;
  }
  try {
    return deployed.parse(JSON.parse(text));
  } catch (error) {
    const why = messageOf(error);
    throw new Error(`${file} does not say what is deployed (${why}). Delete it, then npm run up.`);
  }
}

/** Keeps it, whole or not at all. */
export function writeDeployed(dataDir: string, all: Deployed): void {
  writePrivateFile(path.join(dataDir, FILE), `${JSON.stringify(all, null, 2)}\n`);
}
