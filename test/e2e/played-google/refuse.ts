/** Google's refusals in Google's form and words: https://cloud.google.com/apis/design/errors */
import type { Json, Refused } from './google';

const REASONS: Readonly<Record<number, readonly [status: string, reason: string]>> = {
  400: ['INVALID_ARGUMENT', 'badRequest'],
  403: ['PERMISSION_DENIED', 'forbidden'],
  409: ['ALREADY_EXISTS', 'conflict'],
};

export function refuse(code: keyof typeof REASONS & number, message: string, details: readonly Json[] = []): Refused {
  const [status, reason] = REASONS[code] ?? ['UNKNOWN', 'unknown'];
  return {
    status: code,
    body: { error: { code, message, status, errors: [{ message, domain: 'global', reason }], details } },
  };
}

/** An API that the consumer has not enabled, or so lately that it does not hold everywhere. */
export function refuseDisabled(service: string, consumer: string): Refused {
  const url = `https://console.developers.google.com/apis/api/${service}/overview?project=${consumer}`;
  const message =
    `${service} has not been used in project ${consumer} before or it is disabled. Enable it by visiting ${url} then retry. If you ` +
    'enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.';
  const info = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: 'SERVICE_DISABLED',
    domain: 'googleapis.com',
  };
  return refuse(403, message, [{ ...info, metadata: { service, consumer: `projects/${consumer}` } }]);
}

/** An organization's policy. */
export function refuseByPolicy(constraint: string, message: string): Refused {
  const violation = { type: `constraints/${constraint}`, subject: 'orgpolicy:projects/PROJECT', description: message };
  return refuse(400, message, [
    { '@type': 'type.googleapis.com/google.rpc.PreconditionFailure', violations: [violation] },
  ]);
}
