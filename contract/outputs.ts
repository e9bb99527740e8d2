/** The outputs of a stack: what the program writes (`pulumi stack output`), and what all callers read. */
import { z } from 'zod';
import { TRIGGER } from './names';
import { mapWays, WAY_NAMES, waysOn } from './ways';

const web = z.url({ protocol: /^https?$/ });
const url = web.transform((text) => text.replace(/\/+$/, ''));
/** URL of the page for people. */
const page = web.transform((text) => new URL(text).href);
const bucket = z.string().min(1);
const curl = z.object({ curl: z.string() });
const curlAndWsk = curl.extend({ wsk: z.string() });

/** Of every stack. */
const common = z.object({
  student: z.string(),
  buckets: z.object({ in: bucket, out: bucket }),
  /** URL of the Cloud Storage that holds the buckets. */
  storage: url,
});

/** Events of new files: where they come from, and where those are that could not be delivered. */
const eventsFrom = <S extends readonly string[]>(sources: S) =>
  z.object({ source: z.enum(sources), deadLetters: z.string().optional() });

const onOpenWhisk = common.extend({
  page,
  apihost: url,
  /** PEM of the CA that signed the API host's certificate, when it is not a public one. */
  caCertificate: z.string().optional(),
  /** The key of an OpenWhisk that the stack itself has made: a secret. For any other, whoever runs it has it. */
  auth: z.string().optional(),
  /** The reserved address of the API host, for the A record of its DNS name. */
  address: z.string().optional(),
  namespace: z.string(),
  /** URL of each way: those of OpenWhisk's REST API want the key, those of the API are public. */
  endpoints: z.object(mapWays(waysOn('openwhisk'), () => web)),
  trigger: z.string(),
  /** What fires the trigger when a file arrives; `none`: it is fired by hand. */
  events: eventsFrom(['local', 'pubsub', 'none']),
  /** To paste into a shell; `setup` comes first, once per shell. */
  commands: z.object({ setup: z.string(), ...mapWays(waysOn('openwhisk'), () => curlAndWsk) }),
});

const onCloudRun = common.extend({
  platform: z.literal('cloudrun'),
  /** Missing where only callers with an identity may call the service: a browser has none. */
  page: page.optional(),
  /** URL of the service. */
  url,
  /** URL of each way. That of new files takes CloudEvents: Eventarc calls it. */
  endpoints: z.object(mapWays(waysOn('cloudrun'), () => web)),
  events: eventsFrom(['local', 'pubsub']),
  commands: z.object(mapWays(waysOn('cloudrun'), () => curl)),
});

/** What a stack on OpenWhisk writes; its one secret is marked as such. */
export type OpenWhiskOutputs = z.infer<typeof onOpenWhisk>;
/** What a stack on Cloud Run writes; nothing of it is secret. */
export type CloudRunOutputs = z.infer<typeof onCloudRun>;

/** The outputs as they are to be: complete. */
export const WRITTEN = { openwhisk: onOpenWhisk, cloudrun: onCloudRun } as const;

/** The same as they are read: an older version may have written them, so only what no caller can do without has to be there. */
export const outputs = z.object({
  ...onCloudRun.partial().shape,
  ...onOpenWhisk.partial().shape,
  ...common.shape,
  namespace: z.string().default('_'),
  trigger: z.string().default(TRIGGER),
  endpoints: z
    .object(mapWays(WAY_NAMES, () => web))
    .partial()
    .required({ v1: true }),
  events: onOpenWhisk.shape.events,
  commands: z
    .object({ setup: z.string(), ...mapWays(WAY_NAMES, () => curlAndWsk.partial({ wsk: true })) })
    .partial()
    .default({}),
});

/** The outputs of a stack, read. */
export type Outputs = z.infer<typeof outputs>;
