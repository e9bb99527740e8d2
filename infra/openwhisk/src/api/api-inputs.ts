import type { CheckFailure } from '@pulumi/pulumi/dynamic';
import { z } from 'zod';
import type { KnownConnection } from '../connection/connection';
import { isUnknown } from '../dynamic/unknown';
import { adopt, connection, entityPath } from '../entity/entity-schema';
import { type Mark, mark } from '../entity/mark';

/** The forms in which a web action can answer; also the extensions of its URL. */
export const RESPONSE_TYPES = ['json', 'http', 'html', 'text', 'svg'] as const;

const VERBS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'];

/** Inputs of an operation of an API, as the provider receives them. */
export interface ApiInputs {
  readonly connection: KnownConnection;
  readonly basePath: string;
  readonly path: string;
  readonly verb: string;
  readonly action: string;
  readonly responseType?: (typeof RESPONSE_TYPES)[number];
  readonly apiName?: string;
  readonly secureKey?: string;
  readonly adopt?: boolean;
  /** Absent in the state of older versions. */
  readonly mark?: Mark;
}

/** What the state keeps: the inputs, and what the gateway told. */
export interface ApiOutputs extends ApiInputs {
  /** The real namespace of the action behind it. */
  readonly namespace?: string;
  /** URL of the operation. */
  readonly url?: string;
  /** `1.0.0` always; absent while nobody knows whether the create took effect. */
  readonly version?: string;
}

const gatewayPath = z
  .string()
  .startsWith('/', 'must begin with /')
  .regex(/^[^\s?#]*$/, 'may not contain blanks, ? or #')
  .refine((path) => path === '/' || !path.endsWith('/'), 'may not end with /');

/** Form of each input. */
export const apiSchema = z.strictObject({
  connection,
  basePath: gatewayPath.refine((path) => !/[{}]/.test(path), 'may not contain { or }; only path may have parameters'),
  path: gatewayPath.refine(hasWholeParameters, 'has a { or } that belongs to no {parameter}'),
  verb: z.string().refine((verb) => VERBS.includes(verb.toLowerCase()), `must be one of ${VERBS.join(', ')}`),
  action: entityPath,
  responseType: z.enum(RESPONSE_TYPES).optional(),
  apiName: z.string().min(1, 'may not be empty').optional(),
  secureKey: z.string().min(1, 'may not be empty').optional(),
  adopt,
  mark,
});

/** Rules between inputs. The gateway hands path parameters over only to the response type http. */
export function checkApi({ path, responseType }: Record<string, unknown>): CheckFailure[] {
  if (typeof path !== 'string' || !path.includes('{') || isUnknown(responseType) || responseType === 'http') return [];
  return [{ property: 'responseType', reason: "must be 'http' when path has {parameters}" }];
}

function hasWholeParameters(path: string): boolean {
  return !/[{}]/.test(path.replaceAll(/\{[^{}/]+\}/g, ''));
}
