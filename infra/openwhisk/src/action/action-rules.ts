import type { CheckFailure } from '@pulumi/pulumi/dynamic';
import { isUnknown } from '../dynamic/unknown';
import { findTooManyParameters } from '../entity/limits';
import { findReservedMark } from '../entity/mark';
import { isObject } from '../json';
import { lookAtFile } from './at-hand';
import { faultOfFile } from './code';

/** Annotations that have an input of their own, or belong to OpenWhisk. */
const RESERVED_ANNOTATIONS: Readonly<Record<string, string>> = {
  'web-export': 'use the input web',
  'raw-http': "use the input web: 'raw'",
  final: 'use the input final',
  'require-whisk-auth': 'use the input webSecret',
  exec: 'is written by OpenWhisk',
};

/** Rules between the inputs of an action; trusts none of them. */
export function checkAction(inputs: Record<string, unknown>): CheckFailure[] {
  return [
    ...checkKind(inputs),
    ...checkWeb(inputs),
    ...findTooManyParameters('parameters', inputs.parameters),
    ...findReservedAnnotations(inputs.annotations),
    ...findReservedMark(inputs.annotations),
  ];
}

/** What is wrong with the code file, looked up on disk. One that was read before and is gone need not be there. */
export async function checkCodeFile({ code }: Record<string, unknown>): Promise<CheckFailure[]> {
  if (!isObject(code) || typeof code.file !== 'string' || isUnknown(code.file)) return [];
  const { file, sha256 } = code;
  const readBefore = typeof sha256 === 'string';
  const present = await lookAtFile({ file, ...(readBefore && { sha256 }) });
  const fault = present || !readBefore ? await faultOfFile(file) : undefined;
  return fault === undefined ? [] : [{ property: 'codeFile', reason: fault }];
}

function checkKind(inputs: Record<string, unknown>): CheckFailure[] {
  const { code, kind, image, components } = inputs;
  const failures: CheckFailure[] = [];
  const has = (value: unknown) => value !== undefined;
  if (isObject(code) && code.file !== undefined && code.source !== undefined) {
    failures.push({ property: 'code', reason: 'excludes codeFile' });
  }
  if (has(components)) {
    for (const property of ['code', 'kind', 'image', 'main', 'parameters']) {
      if (has(inputs[property]))
        failures.push({ property, reason: 'cannot be set for a sequence (components is given)' });
    }
    return failures;
  }
  if (has(kind) && has(image)) failures.push({ property: 'image', reason: 'excludes kind' });
  if (!has(kind) && !has(image)) {
    failures.push({ property: 'kind', reason: 'is missing: give kind, image, or components for a sequence' });
  }
  // An image may hold the code itself.
  if (!has(code) && !has(image)) failures.push({ property: 'codeFile', reason: 'is missing: give codeFile or code' });
  return failures;
}

function checkWeb({ web, webSecret }: Record<string, unknown>): CheckFailure[] {
  if (webSecret === undefined || isUnknown(web) || web === 'on' || web === 'raw') return [];
  return [{ property: 'webSecret', reason: "needs web: 'on' or 'raw'" }];
}

function findReservedAnnotations(annotations: unknown): CheckFailure[] {
  if (!isObject(annotations)) return [];
  return Object.entries(RESERVED_ANNOTATIONS)
    .filter(([key]) => key in annotations)
    .map(([key, reason]) => ({ property: `annotations.${key}`, reason }));
}
