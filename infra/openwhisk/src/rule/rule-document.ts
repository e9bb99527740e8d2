import type { PropertyRules } from '../entity/entity-difference';
import type { EntityDocument } from '../entity/entity-document';
import { canonicalizePath } from '../entity/entity-path';
import { readMark } from '../entity/mark';
import type { RuleInputs } from './rule-inputs';

/** A rule as OpenWhisk shows it. The status is kept in the trigger: without the trigger a rule is inactive. */
export interface RuleDocument extends EntityDocument {
  readonly trigger: { readonly path: string; readonly name: string };
  readonly action: { readonly path: string; readonly name: string };
  readonly status?: string;
}

/**
 * How rules are compared. The link to a rule lives in its trigger and goes with it; so a rule follows a trigger that is
 * replaced, which Pulumi asks about by a trigger that is not known.
 */
export const ruleProperties: PropertyRules = {
  name: { identity: true },
  trigger: { canonical: (value, { namespace }) => canonicalizePath(value, namespace), identity: true },
  action: { canonical: (value, { namespace }) => canonicalizePath(value, namespace) },
  status: { canonical: (value) => value ?? 'active' },
  mark: {},
};

/** The inputs that describe a rule as it is. */
export function ruleInputsOf(document: RuleDocument, previous: RuleInputs): Omit<RuleInputs, 'connection' | 'adopt'> {
  const path = (of: { readonly path: string; readonly name: string }) => `/${of.path}/${of.name}`;
  return {
    name: previous.name,
    trigger: path(document.trigger),
    action: path(document.action),
    status: document.status === 'inactive' ? 'inactive' : 'active',
    ...readMark(document.annotations),
  };
}
