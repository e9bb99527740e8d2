/** The storage emulator, a ledger and flows over them, with a trigger that the test plays. */
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Limits, LocalFlows } from '../../platform/events/flows';
import { Store } from '../../platform/openwhisk/store/store';
import { startStorage } from '../../platform/storage/start-storage';
import { type PlayedOpenWhisk, playOpenWhisk } from '../feed/played-openwhisk';
import { clientOf } from '../storage/emulator';

export const TRIGGER = { namespace: 'guest', name: 'new-file' };

export async function openStage(limits: Partial<Limits> = {}) {
  const dataDir = mkdtempSync(path.join(tmpdir(), 'pdfmagic-events-'));
  const openwhisk: PlayedOpenWhisk = await playOpenWhisk();
  const log: string[] = [];
  let flows: LocalFlows | undefined;
  const storage = await startStorage({
    dataDir: path.join(dataDir, 'storage'),
    port: 0,
    listener: {
      written: (bucket, name, metadata) => flows?.written(bucket, name, metadata),
      uncertain: () => flows?.uncertain(),
    },
  });
  const client = clientOf(storage.endpoint);
  for (const name of ['in-bucket', 'out-bucket']) await client.createBucket(name);
  let store = Store.open({ dataDir });
  const open = () => {
    flows = new LocalFlows({
      ledger: store.events,
      endpoint: storage.endpoint,
      openwhisk: { apihost: openwhisk.apihost, auth: 'uuid:key', namespace: 'guest' },
      log: (line) => log.push(line),
      limits: { backoff: { first: 20, longest: 100 }, retry: { first: 20, longest: 100 }, maxAttempts: 5, ...limits },
    });
    return flows;
  };
  open();
  return {
    openwhisk,
    client,
    storage,
    log,
    get flows() {
      if (flows === undefined) throw new Error('the flows are closed');
      return flows;
    },
    get ledger() {
      return store.events;
    },
    in: client.bucket('in-bucket'),
    put: (name: string, content = 'x') =>
      client.bucket('in-bucket').file(name).save(content, { contentType: 'image/jpeg', resumable: false }),
    /** As after a kill: nothing that was in memory is there any more; the ledger and the buckets are. */
    async restart(between: () => Promise<void> = async () => undefined): Promise<void> {
      const old = flows;
      flows = undefined;
      await old?.close();
      await store.close();
      await between();
      store = Store.open({ dataDir });
      open().restore();
    },
    async close(): Promise<void> {
      await flows?.close();
      await store.close();
      await storage.stop();
      openwhisk.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;
