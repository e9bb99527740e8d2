import { z } from 'zod';
import type { EntityInputs, EntityOutputs } from '../entity/entity-inputs';
import { adopt, connection, entityName, entityPath, plainPath } from '../entity/entity-schema';
import { mark } from '../entity/mark';

/** Inputs of a rule, as the provider receives them. */
export interface RuleInputs extends EntityInputs {
  readonly trigger: string;
  readonly action: string;
  readonly status?: 'active' | 'inactive';
}

/** What the state keeps: the inputs, and what OpenWhisk told. */
export type RuleOutputs = EntityOutputs<RuleInputs>;

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
