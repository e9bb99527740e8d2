import type { CheckFailure } from '@pulumi/pulumi/dynamic';
import { z } from 'zod';
import type { Mark } from '../dynamic/resource-options';
import { isObject, isSameJson, type Json } from '../json';
import type { KeyValue } from './entity-document';

export type { Mark };

/**
 * The annotation that holds the mark. When a run is killed before the state knows of an entity, a later run of the same stack
 * knows its own by it, and takes it up; what bears another mark, or none, is somebody else's.
 */
export const MARK = 'pulumi';

/** Form of the input. */
export const mark = z.strictObject({ owner: z.string(), name: z.string() }).optional();

/** The annotation as an object, to be spread among others. */
export function writeMark(own: Mark | undefined): { [key: string]: Json } {
  return own === undefined ? {} : { [MARK]: { ...own } };
}

/** The mark among the annotations of an entity. */
export function markIn(annotations: readonly KeyValue[] | undefined): Mark | undefined {
  const value = annotations?.find(({ key }) => key === MARK)?.value;
  if (!isObject(value) || typeof value.owner !== 'string' || typeof value.name !== 'string') return undefined;
  return { owner: value.owner, name: value.name };
}

/** The mark as an input that describes an entity as it is: absent when it has none. */
export function readMark(annotations: readonly KeyValue[] | undefined): { readonly mark?: Mark } {
  const found = markIn(annotations);
  return found === undefined ? {} : { mark: found };
}

/** Whether an entity was made by the resource of this mark. */
export function isMarked(annotations: readonly KeyValue[] | undefined, own: Mark | undefined): boolean {
  return own !== undefined && isSameJson(markIn(annotations), own);
}

/** Whether two marks are of the same stack, whatever the resources. */
export function isSameStack(a: Mark | undefined, b: Mark | undefined): boolean {
  const stackOf = ({ owner }: Mark) => owner.split('::', 2).join('::');
  return a !== undefined && b !== undefined && stackOf(a) === stackOf(b);
}

/** Refuses the annotation as an input. */
export function findReservedMark(annotations: unknown): CheckFailure[] {
  if (!isObject(annotations) || !(MARK in annotations)) return [];
  return [{ property: `annotations.${MARK}`, reason: 'is the mark that this package writes' }];
}
