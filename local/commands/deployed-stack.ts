/** The stack's outputs as the commands here need them, checked when read: they may come from an older run. */
import { z } from 'zod';
import type { Json } from '../json';

const commands = z.object({ wsk: z.string(), curl: z.string() });

const outputs = z.object({
  apihost: z.string(),
  endpoints: z.object({ v1: z.string() }),
  buckets: z.object({ in: z.string(), out: z.string() }),
  storage: z.string(),
  trigger: z.string(),
  commands: z.object({ setup: z.string(), v0: commands, v1: commands, v2: commands, v3: commands }),
});

/** What a deployed stack says of itself. */
export interface DeployedStack {
  readonly apihost: string;
  readonly convertUrl: string;
  readonly inBucket: string;
  readonly outBucket: string;
  readonly storageEndpoint: string;
  readonly trigger: string;
  readonly commands: z.infer<typeof outputs>['commands'];
}

/** @throws Error when the outputs are not those of this program */
export function deployedStack(raw: Readonly<Record<string, Json>>): DeployedStack {
  const { apihost, endpoints, buckets, storage, trigger, commands } = outputs.parse(raw);
  return {
    apihost,
    convertUrl: endpoints.v1,
    inBucket: buckets.in,
    outBucket: buckets.out,
    storageEndpoint: storage,
    trigger,
    commands,
  };
}
