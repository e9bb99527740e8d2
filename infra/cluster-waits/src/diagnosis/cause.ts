/** Why something on a cluster does not get ready. */
export interface Cause {
  /** `pod openwhisk-invoker-0`. */
  readonly what: string;
  readonly why: string;
  /** What a user can do about it. */
  readonly remedy: string;
  /** False for what only waits for something else. */
  readonly root: boolean;
}

/** Roots; when there is none, all. */
export function pickWorthTelling(causes: readonly Cause[]): readonly Cause[] {
  const roots = causes.filter(({ root }) => root);
  return roots.length > 0 ? roots : causes;
}

/** Causes as lines; what only waits is left out when there is a root. */
export function describeCauses(causes: readonly Cause[]): string {
  const shown = pickWorthTelling(causes);
  if (shown.length === 0) return '  Every pod, job and volume claim of the namespace is healthy.';
  return shown.map(({ what, why, remedy }) => `  - ${what}: ${why}\n    ${remedy}`).join('\n');
}
