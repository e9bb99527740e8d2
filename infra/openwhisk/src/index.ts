/** Apache OpenWhisk as Pulumi resources. */
export { Action, type ActionArgs } from './action/action';
export { Api, type ApiArgs } from './api/api';
export type { Connection } from './connection/connection';
export type { Json, JsonObject } from './json';
export { Package, type PackageArgs } from './package/package';
export { Rule, type RuleArgs } from './rule/rule';
export { Trigger, type TriggerArgs } from './trigger/trigger';
