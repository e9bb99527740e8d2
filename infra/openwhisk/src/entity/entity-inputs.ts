import type { KnownConnection } from '../connection/connection';
import type { Mark } from './mark';

/** Inputs that every entity has, as the provider receives them. */
export interface EntityInputs {
  readonly connection: KnownConnection;
  readonly name: string;
  readonly adopt?: boolean;
  /** Absent in the state of older versions. */
  readonly mark?: Mark;
}

/** What the state keeps: the inputs, and what OpenWhisk told. */
export type EntityOutputs<I extends EntityInputs> = I & {
  /** The real namespace. */
  readonly namespace: string;
  /** Absent while nobody knows whether the create took effect. */
  readonly version?: string;
};
