/** The feed as a service: from a Pub/Sub subscription to a trigger, until SIGTERM. Its settings are in config.ts. */
import { serve } from '@hono/node-server';
import { messageOf } from '../ground/errors';
import { readServiceConfig } from './config';
import { PubSubSource } from './pubsub';
import { routeFeed } from './service';
import { SubscriptionFlow } from './subscription-flow';

const log = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);

async function main(): Promise<void> {
  const { openwhisk, trigger, subscription, port, maxInFlight } = readServiceConfig(process.env);
  const open = () => new PubSubSource({ subscription, log });
  const flow = new SubscriptionFlow({ openwhisk, trigger, subscription, open, maxInFlight, log });
  const server = serve({ fetch: routeFeed(flow, openwhisk.auth).fetch, port }, (address) =>
    log(`feed: listening on port ${address.port}; ${subscription} fires ${trigger.namespace}/${trigger.name}.`),
  );
  server.once('error', fail);
  const stop = async (signal: string): Promise<void> => {
    log(`feed: ${signal}: finishing or returning the events in progress.`);
    await flow.close();
    server.close();
    log('feed: stopped.');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal).catch(fail));
  await flow.restore();
}

function fail(error: unknown): never {
  console.error(`error: ${messageOf(error)}`);
  process.exit(1);
}

main().catch(fail);
