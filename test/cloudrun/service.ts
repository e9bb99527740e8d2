/** The container's entry as a process of the test: in no container, told by the test where everything is. */
import path from 'node:path';
import { prepareCommand } from '../../platform/cloudrun/command';
import type { Instance } from '../../platform/cloudrun/instance';
import { startProcess } from '../../platform/cloudrun/process';

export interface TestService extends Instance {
  /** What it has written so far. */
  readonly lines: string[];
}

/** Starts it with these variables. @throws Error with its last words when it does not start */
export async function startService(dataDir: string, environment: Record<string, string>): Promise<TestService> {
  const lines: string[] = [];
  const command = await prepareCommand(path.join(dataDir, 'cloudrun'), () => undefined);
  const instance = await startProcess(command, environment, (line) => lines.push(line));
  return { ...instance, lines };
}

/** The headers of an event of Cloud Storage. */
export const EVENT = {
  'ce-id': '1',
  'ce-source': '//storage.googleapis.com/projects/_/buckets/demo-in',
  'ce-type': 'google.cloud.storage.object.v1.finalized',
  'ce-specversion': '1.0',
  'ce-time': '2026-11-25T22:00:00Z',
  'ce-subject': 'objects/photo.jpg',
  'content-type': 'application/json',
} as const;
