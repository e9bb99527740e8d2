import { z } from 'zod';
import type { KnownConnection } from '../connection/connection';
import { adopt, connection, entityName, entityPath, plainPath } from '../entity/entity-schema';
import { type Mark, mark } from '../entity/mark';

/** Inputs of a rule, as the provider receives them. */
export interface RuleInputs {
  readonly connection: KnownConnection;
  readonly name: string;
  readonly trigger: string;
  readonly action: string;
  readonly status?: 'active' | 'inactive';
  readonly adopt?: boolean;
  /** Absent in the state of older versions. */
  readonly mark?: Mark;
}

/** What the state keeps: the inputs, and what OpenWhisk told. */
export interface RuleOutputs extends RuleInputs {
  /** The real namespace. */
  readonly namespace: string;
  /** Absent while nobody knows whether the create took effect. */
  readonly version?: string;
}

/** Form of each input. */
export const ruleSchema = z.strictObject({
  connection,
  name: entityName,
  trigger: plainPath,
  action: entityPath,
  status: z.enum(['active', 'inactive']).optional(),
  adopt,
  mark,
});
