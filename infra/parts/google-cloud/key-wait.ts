/** A new key takes some seconds until Google knows it everywhere: what gets it would fail meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Storage } from '@google-cloud/storage';
import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import type { Sleep } from './hooks';

const SECOND = 1000;
/** How often it is tried, and the pause in between. */
const PATIENCE = { attempts: 40, pause: 3 * SECOND } as const;
/** After which a question without an answer is a failed one, and after which there is no further one. */
const BOUND = { answer: 10 * SECOND, whole: 180 * SECOND } as const;

/** A key as Google makes it: https://cloud.google.com/iam/docs/keys-create-delete */
const keyFile = z.looseObject({ client_email: z.string(), private_key: z.string() });

/** What gets a token by a key. @throws Error when Google gives none */
export type SignIn = (key: z.infer<typeof keyFile>) => Promise<unknown>;

const signInToGoogle: SignIn = (credentials) =>
  new Storage({ credentials, projectId: 'none' }).authClient.getAccessToken();

/**
 * Waits until Google gives a token for the key, for some two minutes, and for three where Google is slow to answer.
 * @param privateKey the key file in base64, as the IAM API answers
 * @returns why there is none yet; undefined when there is
 */
export async function tryKey(
  privateKey: string,
  signIn: SignIn = signInToGoogle,
  pause: Sleep = sleep,
): Promise<string | undefined> {
  const key = keyFile.parse(JSON.parse(Buffer.from(privateKey, 'base64').toString('utf8')));
  const end = performance.now() + BOUND.whole;
  let reason: string | undefined;
  for (let attempt = 0; attempt < PATIENCE.attempts && performance.now() < end; attempt += 1) {
    try {
      await Promise.race([signIn(key), failAfter(BOUND.answer)]);
      return undefined;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
      await pause(PATIENCE.pause);
    }
  }
  return reason;
}

async function failAfter(milliseconds: number): Promise<never> {
  await sleep(milliseconds, undefined, { ref: false });
  throw new Error('no answer in time');
}

/** A hook of a key: whatever uses it is made when it works. A key that still does not is no reason to fail. */
export function waitForKey(name: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `wait-for-${name}-key`,
    async ({ newOutputs }) => {
      const reason = await tryKey(await reveal(newOutputs?.privateKey));
      if (reason !== undefined) await pulumi.log.warn(`Google gives no token for the key ${name} yet: ${reason}`);
    },
    { ignoreErrors: true },
  );
}

/** A secret among the outputs that a hook is told is itself an output. */
function reveal(property: pulumi.Input<string>): Promise<string> {
  return new Promise((resolve) => {
    pulumi.output(property).apply(resolve);
  });
}
