import { z } from 'zod';
import type { EntityInputs, EntityOutputs } from '../entity/entity-inputs';
import { adopt, connection, entityName, entityPath, keyValues, packageName } from '../entity/entity-schema';
import { mark } from '../entity/mark';
import type { JsonObject } from '../json';
import type { Code } from './code';

/** Inputs of an action, as the provider receives them. */
export interface ActionInputs extends EntityInputs {
  readonly package?: string;
  readonly code?: Code;
  readonly kind?: string;
  readonly image?: string;
  readonly main?: string;
  readonly components?: readonly string[];
  readonly parameters?: JsonObject;
  readonly annotations?: JsonObject;
  readonly final?: boolean;
  readonly web?: 'off' | 'on' | 'raw';
  readonly webSecret?: string | true;
  readonly timeout?: number;
  readonly memory?: number;
  readonly logs?: number;
  readonly concurrency?: number;
  readonly publish?: boolean;
}

/** What the state keeps: the inputs (of the code only path and digest), and what OpenWhisk told. */
export interface ActionOutputs extends EntityOutputs<ActionInputs> {
  /** Time of the last write, milliseconds since the epoch: with the version it tells whether the code may have drifted. */
  readonly updated?: number;
  /** URL of a web action. */
  readonly url?: string;
}

const limit = (least: number, unit: string) =>
  z.int(`must be a whole number of ${unit}`).min(least, `must be ${least} or more`);

/** Form of each input. What a platform sets itself (the upper limits, the kinds it has) it reports itself. */
export const actionSchema = z.strictObject({
  connection,
  name: entityName,
  package: packageName.optional(),
  code: z
    .strictObject({ file: z.string().optional(), source: z.string().optional(), sha256: z.string().optional() })
    .optional(),
  kind: z
    .string()
    .regex(/^[a-z][\w.+-]*:[\w.+-]+$/, 'must be like python:3.11 or nodejs:default')
    .optional(),
  image: z
    .string()
    .regex(
      /^[a-z0-9][\w.-]*(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/i,
      'must be the name of a container image, such as openwhisk/action-python-v3.11:1.0',
    )
    .optional(),
  main: z.string().min(1, 'may not be empty').optional(),
  components: z.array(entityPath).min(1, 'must name at least one action').optional(),
  parameters: keyValues.optional(),
  annotations: keyValues.optional(),
  final: z.boolean().optional(),
  web: z.enum(['off', 'on', 'raw']).optional(),
  webSecret: z
    .union([z.string().min(1), z.literal(true)], 'must be text, or true to ask for an OpenWhisk key')
    .optional(),
  timeout: limit(1, 'milliseconds').optional(),
  memory: limit(1, 'MiB').optional(),
  logs: limit(0, 'MiB').optional(),
  concurrency: limit(1, 'invocations').optional(),
  publish: z.boolean().optional(),
  adopt,
  mark,
});
