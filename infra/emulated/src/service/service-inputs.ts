import { z } from 'zod';
import { type CommonInputs, commonInputs } from '../control/control-inputs';

/** Inputs of a service, as the provider receives them; the state keeps the same, and `url`. */
export interface ServiceInputs extends CommonInputs {
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  readonly maxInstanceRequestConcurrency: number;
  readonly maxInstanceCount: number;
  readonly timeout: number;
  readonly idleTimeout: number;
}

const seconds = z.int().min(1).max(3600);

/** Form of each input. */
export const serviceSchema = z.strictObject({
  ...commonInputs,
  image: z.string().min(1),
  env: z.record(z.string().regex(/^[A-Za-z_]\w*$/, 'is not a valid variable name'), z.string()),
  maxInstanceRequestConcurrency: z.int().min(1).max(1000),
  maxInstanceCount: z.int().min(1).max(100),
  timeout: seconds,
  idleTimeout: seconds,
});
