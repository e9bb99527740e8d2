import { z } from 'zod';
import { type CommonInputs, commonInputs } from '../control/control-inputs';

/** Inputs of a trigger, as the provider receives them. The state keeps the same. */
export interface TriggerInputs extends CommonInputs {
  readonly service: string;
  readonly path: string;
  readonly bucket: string;
}

/** Form of each input. */
export const triggerSchema = z.strictObject({
  ...commonInputs,
  service: commonInputs.name,
  path: z.string().regex(/^\/\S*$/, 'must begin with a slash'),
  bucket: z.string().min(3),
});
