/** Checks of inputs before anything is asked of a cluster. */
import type { CheckFailure, CheckResult } from '@pulumi/pulumi/dynamic';

/** Says what is wrong with a value, or undefined when it is good. */
export type Rule = (value: unknown) => string | undefined;

/** What the engine sends for a value that is not known yet (pulumi/sdk/go/common/resource/plugin/rpc.go). */
const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Reports every bad input by name, never by value; what is not known yet is taken to be good. */
export function checkInputs<I extends object>(rules: Readonly<Record<string, Rule>>, inputs: I): CheckResult<I> {
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(inputs));
  const failures = Object.entries(rules).flatMap(([name, rule]): CheckFailure[] => {
    const reason = given[name] === UNKNOWN ? undefined : rule(given[name]);
    // With the property Pulumi would print its value.
    return reason === undefined ? [] : [{ property: '', reason: `${name}: ${reason}` }];
  });
  return { inputs, failures };
}

export const text: Rule = (value) =>
  typeof value === 'string' && value.trim() !== '' ? undefined : 'must be a text that is not empty';

/** A label of DNS, as namespaces and releases are named. */
export const label: Rule = (value) =>
  typeof value === 'string' && /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(value)
    ? undefined
    : 'must be small letters, digits and dashes, no dash first or last, at most 63';

export const minutes: Rule = (value) =>
  typeof value === 'number' && value > 0 && value <= 24 * 60 ? undefined : 'must be minutes, above 0 and at most 1440';

export const httpsUrl: Rule = (value) =>
  typeof value === 'string' && /^https:\/\//.test(value) && URL.canParse(value) && new URL(value).pathname === '/'
    ? undefined
    : 'must be https://HOST or https://HOST:PORT';

/** `UUID:KEY` */
export const authKey: Rule = (value) =>
  typeof value === 'string' && /^[^:\s]+:\S+$/.test(value) ? undefined : 'must be UUID:KEY';

/** What every resource with a cluster has. */
export const clusterRules = { kubeconfig: text, namespace: label, timeout: minutes } as const;
