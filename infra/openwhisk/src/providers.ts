/**
 * The code behind the serialized providers: Pulumi's provider process loads it by package name, so a changed
 * implementation takes effect at once and leaves the state as it is. Every method tolerates the state of older versions.
 */
export * as actions from './action/action-provider';
export * as apis from './api/api-provider';
export * as packages from './package/package-provider';
export * as rules from './rule/rule-provider';
export * as triggers from './trigger/trigger-provider';
