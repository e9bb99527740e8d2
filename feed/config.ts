/** The service's settings: environment variables, as Kubernetes gives them. */
import { z } from 'zod';
import type { OpenWhisk, TriggerName } from './openwhisk';

export interface ServiceConfig {
  readonly openwhisk: OpenWhisk;
  readonly trigger: TriggerName;
  /** `projects/PROJECT/subscriptions/NAME`. */
  readonly subscription: string;
  readonly port: number;
  readonly maxInFlight: number;
}

const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most);

/** Each variable: its form, and the same in words. */
const VARIABLES = {
  OPENWHISK_APIHOST: [z.url({ protocol: /^https?$/ }), 'the URL of the API host, e.g. https://openwhisk.example.org'],
  OPENWHISK_AUTH: [z.string().regex(/^[^:\s]+:\S+$/), 'the OpenWhisk key, UUID:KEY'],
  TRIGGER: [
    z.string().regex(/^\/?([^/\s][^/]*\/)?[^/\s][^/]*$/),
    'the name of the trigger, or NAMESPACE/NAME; e.g. new-file',
  ],
  SUBSCRIPTION: [
    z.string().regex(/^projects\/[^/\s]+\/subscriptions\/[^/\s]+$/),
    'the full name of the subscription, projects/PROJECT/subscriptions/NAME',
  ],
  PORT: [number(0, 65_535).default(8080), 'a port to listen on; without it 8080'],
  MAX_IN_FLIGHT: [number(1, 1000).default(16), 'how many events to handle at a time, 1 to 1000; without it 16'],
} as const;

/** @throws Error with a line for each variable that will not do; values are not repeated, one is a key */
export function readServiceConfig(env: Readonly<Record<string, string | undefined>>): ServiceConfig {
  const problems: string[] = [];
  const read = <T>(name: keyof typeof VARIABLES, schema: z.ZodType<T>): T | undefined => {
    // Kubernetes sets what is left empty to an empty text.
    const result = schema.safeParse(env[name] || undefined);
    if (!result.success) problems.push(`${name} must be ${VARIABLES[name][1]}${env[name] ? '.' : '; it is not set.'}`);
    return result.data;
  };
  const apihost = read('OPENWHISK_APIHOST', VARIABLES.OPENWHISK_APIHOST[0]);
  const auth = read('OPENWHISK_AUTH', VARIABLES.OPENWHISK_AUTH[0]);
  const trigger = read('TRIGGER', VARIABLES.TRIGGER[0]);
  const subscription = read('SUBSCRIPTION', VARIABLES.SUBSCRIPTION[0]);
  const port = read('PORT', VARIABLES.PORT[0]);
  const maxInFlight = read('MAX_IN_FLIGHT', VARIABLES.MAX_IN_FLIGHT[0]);
  if (!apihost || !auth || !trigger || !subscription || port === undefined || !maxInFlight) {
    throw new Error(`environment variables are missing or wrong:\n  ${problems.join('\n  ')}`);
  }
  const [name = '', namespace = '_'] = trigger.split('/').filter(Boolean).reverse();
  return {
    openwhisk: { apihost: apihost.replace(/\/+$/, ''), auth },
    trigger: { namespace, name },
    subscription,
    port,
    maxInFlight,
  };
}
