/** What needs no key: the server's description, which deployers read first, the API's, and the limits of a namespace. */

import type { Json, JsonObject } from '../../../ground/json';
import type { Runtime } from '../../invoker/contract';
import { actionLimits, limits } from '../entity/limits';

const MIB = 1_048_576;
/** This platform does not count invocations per minute: the largest 32-bit integer says so to tools that want a number. */
const UNBOUNDED = 2_147_483_647;

function describeRuntimes(runtimes: readonly Runtime[]): JsonObject {
  const families = new Map<string, Json[]>();
  for (const { kind, family, image } of runtimes) {
    const kinds = families.get(family) ?? [];
    kinds.push({ kind, image, deprecated: false, default: kinds.length === 0, attached: true, requireMain: false });
    families.set(family, kinds);
  }
  return Object.fromEntries(families);
}

/** `GET /`. */
export function describeServer(runtimes: readonly Runtime[], maxInFlight: number): JsonObject {
  const bounds = Object.fromEntries(
    Object.values(actionLimits).flatMap(({ min, max, unit, describedAs }): [string, number][] => {
      if (describedAs === undefined) return [];
      const scale = unit === ' MB' ? MIB : 1;
      return [
        [`min_action_${describedAs}`, min * scale],
        [`max_action_${describedAs}`, max * scale],
      ];
    }),
  );
  const defaults = Object.entries(bounds).map(([name, value]): [string, Json] => [`default_${name}`, value]);
  return {
    description: 'OpenWhisk',
    support: { github: 'https://github.com/apache/openwhisk/issues', slack: 'http://slack.openwhisk.org' },
    api_paths: ['/api/v1'],
    limits: {
      actions_per_minute: UNBOUNDED,
      triggers_per_minute: UNBOUNDED,
      concurrent_actions: maxInFlight,
      sequence_length: limits.sequence,
      ...Object.fromEntries(defaults),
      ...bounds,
    },
    runtimes: describeRuntimes(runtimes),
  };
}

/** `GET /api/v1`. */
export const apiInfo: JsonObject = {
  description: 'OpenWhisk API',
  api_version: '1.0.0',
  api_version_path: 'v1',
  build: 'local',
  buildno: 'pdfmagic',
  swagger_paths: { ui: '/docs', 'api-docs': '/api-docs' },
};

/** `GET namespaces/N/limits`. */
export function describeLimits(maxInFlight: number): JsonObject {
  const bounds = Object.values(actionLimits).flatMap(({ min, max, shownAs }): [string, number][] => [
    [`minAction${shownAs}`, min],
    [`maxAction${shownAs}`, max],
  ]);
  return {
    invocationsPerMinute: UNBOUNDED,
    concurrentInvocations: maxInFlight,
    firesPerMinute: UNBOUNDED,
    ...Object.fromEntries(bounds),
    maxParameterSize: `${limits.parameters} B`,
    maxActionInstances: maxInFlight,
  };
}
