/**
 * The code behind the serialized providers: Pulumi's provider process loads it by package name, so a changed
 * implementation takes effect at once and leaves the state as it is. Every method tolerates the state of older versions.
 */
export * as actions from './action/provider';
export * as apis from './api/provider';
export * as packages from './package/provider';
export * as rules from './rule/provider';
export * as triggers from './trigger/provider';
