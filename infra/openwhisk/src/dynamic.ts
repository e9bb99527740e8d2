/** What providers of dynamic resources have in common, for any package: no word of OpenWhisk, and nothing of Pulumi is loaded. */
export { changedInputs } from './dynamic/changed-inputs';
export { checkInputs, pick } from './dynamic/check-inputs';
export { isKnownGone } from './dynamic/known-gone';
export { PartialFailure } from './dynamic/partial-failure';
export { plainError } from './dynamic/plain-error';
export { hasUnknown, isUnknown } from './dynamic/unknown';
export { getText, type TextAnswer } from './request/get-text';
