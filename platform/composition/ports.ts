/**
 * Which ports a platform listens on: those asked for, else those it had last time, so that what was deployed keeps its URLs;
 * else the usual ones.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writePrivateFile } from '../../ground/private-file';

/** OpenWhisk's port when it runs alone, and that of fake-gcs-server. */
export const PORT = 3233;
export const STORAGE_PORT = 4443;

/** There is none above. */
export const LAST_PORT = 65_535;

const FILE = 'ports.json';
const portsSchema = z.object({ port: z.int(), storagePort: z.int() });

/** Ports of OpenWhisk and of the storage emulator. */
export type Ports = z.infer<typeof portsSchema>;

/** @throws Error when both are the same */
export function choosePorts(dataDir: string, asked: { [name in keyof Ports]: number | undefined }): Ports {
  const last = readLast(dataDir);
  const port = asked.port ?? last?.port ?? PORT;
  // Beside another platform with its usual ports, one number is enough to ask for.
  const beside = port === PORT ? STORAGE_PORT : port + (port === LAST_PORT ? -1 : 1);
  const storagePort = asked.storagePort ?? (port === last?.port ? last.storagePort : beside);
  if (port === storagePort) throw new Error(`--port and --storage-port are both ${port}; they must differ.`);
  return { port, storagePort };
}

/** Remembers the ports of a platform that has started. */
export function rememberPorts(dataDir: string, ports: Ports): void {
  writePrivateFile(path.join(dataDir, FILE), `${JSON.stringify(ports)}\n`);
}

function readLast(dataDir: string): Ports | undefined {
  try {
    return portsSchema.parse(JSON.parse(readFileSync(path.join(dataDir, FILE), 'utf8')));
  } catch {
    return undefined; // a new platform, or not worth an error
  }
}
