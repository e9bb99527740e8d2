/** The invoker: runs OpenWhisk actions on this machine, each in a sandbox or a container of its own. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { chooseSandbox } from '../../sandbox/choose';
import { ProcessRecords } from '../../sandbox/processes/records';
import { CodeStore } from './code/store';
import type { Invoker } from './contract';
import { makeDockerProvider, removeContainers } from './docker';
import { completeOptions, type InvokerOptions } from './options';
import { ContainerPool } from './pool/pool';
import { findRuntimes } from './runtimes/catalogue';
import { trialsOf } from './sandboxes/launching';
import { makeSandboxProvider } from './sandboxes/sandbox-provider';
import { nameStagingFolder, stage } from './sandboxes/staging';

export type { InvokerOptions } from './options';

/**
 * Starts the invoker: ends what an earlier one left behind, and finds the interpreters and the kind of sandbox of this machine.
 * @throws Error for a wrong option, or when `sandbox: 'bubblewrap'` was asked for and does not work
 */
export async function createInvoker(options: InvokerOptions): Promise<Invoker> {
  const settings = completeOptions(options);
  const dataDir = path.resolve(settings.dataDir);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });

  const records = new ProcessRecords(dataDir);
  const recorded = (await records.reap()) + (await removeContainers(dataDir));
  const catalogue = await findRuntimes(settings.docker && ['nodejs'], settings.packages);
  const reaped = recorded + (await records.reapUnrecorded(nameStagingFolder(dataDir)));
  if (reaped > 0) settings.log(`Ended ${reaped} sandbox(es) that an earlier run left behind.`);

  const staged = await stage(dataDir, catalogue.runtimes);
  const factory = await chooseSandbox(settings.sandbox, trialsOf(catalogue.runtimes, staged), staged, records);
  const store = new CodeStore(dataDir);
  await store.open();
  const sandboxes = makeSandboxProvider({ ...settings, factory, staged, catalogue, store });
  const providers = settings.docker ? [makeDockerProvider(settings.docker, dataDir), sandboxes] : [sandboxes];
  const pool = new ContainerPool({ ...settings, providers });

  return {
    runtimes: providers
      .flatMap(({ runtimes }) => runtimes)
      .map(({ kind, family, image, executable }) => ({
        ...{ kind, family, image },
        ...(executable === undefined ? {} : { executable }),
      })),
    images: providers.flatMap(({ images }) => images),
    sandbox: { kind: factory.kind, ...(factory.warning === undefined ? {} : { warning: factory.warning }) },
    capacity: settings.capacity,
    prepare: (action) => pool.prepare(action),
    run: (invocation) => pool.run(invocation),
    stop: () => pool.stop(),
  };
}
