/**
 * Texts of OpenWhisk that an activation may carry, to the letter, because tools and people read them: apache/openwhisk,
 * `http/ErrorResponse.scala` (Messages), and the answers of its language runtimes.
 */

export const COMPILE_FAILED = 'The action failed to generate or locate a binary. See logs for details.';
export const START_FAILED = 'Cannot start action. Check logs for details.';
export const NO_CODE = 'Missing main/no code to execute.';
export const NO_DICTIONARY_OR_ARRAY = 'The action did not return a dictionary or array.';
export const ABNORMAL_INITIALIZATION = 'The action did not initialize and exited unexpectedly.';
export const ABNORMAL_RUN = 'The action did not produce a valid response and exited unexpectedly.';
export const MEMORY_EXHAUSTED = 'The action exhausted its memory and was aborted.';
export const PROVISION_FAILED = 'Failed to provision resources to run the action.';
export const LOG_FAILURE = 'There was an issue while collecting your logs. Data might be missing.';
export const LOG_WARNING_DEVELOPER_ERROR =
  'The action did not initialize or run as expected. Log data might be missing.';

/** `timeout` in milliseconds. */
export function timedOut(timeout: number, duringInit: boolean): string {
  return `The action exceeded its time limits of ${timeout} milliseconds${duringInit ? ' during initialization' : ''}.`;
}

/** Limit in bytes. */
export function logsTruncated(limit: number): string {
  return `Logs were truncated because the total bytes size exceeds the limit of ${limit} bytes.`;
}

/** Lengths in bytes; `beginning` is what was kept of the response. */
export function responseTruncated(length: number, limit: number, beginning: string): string {
  return `The action produced a response that exceeded the allowed length: ${length} > ${limit} bytes. The truncated response was: ${beginning}`;
}

export function invalidRunResponse(response: string): string {
  return `The action did not produce a valid JSON or JSON Array response${response ? `: ${response}` : '.'}`;
}

export function invalidInitResponse(response: string): string {
  return `The action failed during initialization${response ? `: ${response}` : '.'}`;
}
