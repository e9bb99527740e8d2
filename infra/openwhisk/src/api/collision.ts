import { isObject } from '../json';
import { readAt } from './backend';

/** An operation of an API: `get` and `/users/{id}`. */
export interface Place {
  readonly verb: string;
  readonly path: string;
}

/**
 * The id that OpenWhisk gives an operation. Cases are found by it, so two operations with one id share one case: the
 * later one answers for both. GET `/users/{id}` and GET `/users/id` are both `getUsersId`.
 * Source: `makeOperationId` in core/routemgmt/common/apigw-utils.js of apache/openwhisk.
 */
export function operationIdOf({ verb, path }: Place): string {
  const words = path.replace(/[^0-9a-z_-]/gi, ' ').replace(/\w\S*/g, capitalise);
  return verb.toLowerCase() + words.replace(/\s/g, '');
}

function capitalise(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

/** Why two operations of one API cannot both be served; undefined when they can, and for an operation and itself. */
export function collisionOf(one: Place, other: Place & { readonly id?: string }): string | undefined {
  if (one.path === other.path && one.verb.toLowerCase() === other.verb.toLowerCase()) return undefined;
  const id = operationIdOf(one);
  if (id === (other.id ?? operationIdOf(other))) {
    return `OpenWhisk gives both the operation id "${id}", and then one action answers for both`;
  }
  if (one.path !== other.path && shapeOf(one.path) === shapeOf(other.path)) {
    return 'the two paths differ only in the names of their {parameters}, and the gateway then keeps only one of them';
  }
  return undefined;
}

/** The operations of a Swagger document, each with the id it has there. */
export function operationsOf(apidoc: unknown): (Place & { readonly id?: string })[] {
  const paths = readAt(apidoc, 'paths');
  return Object.entries(isObject(paths) ? paths : {}).flatMap(([path, item]) =>
    Object.entries(isObject(item) ? item : {})
      .filter(([verb]) => verb !== 'parameters' && !verb.startsWith('x-'))
      .map(([verb, operation]) => {
        const id = readAt(operation, 'operationId');
        return { verb, path, ...(typeof id === 'string' && { id }) };
      }),
  );
}

/** The operations of a document that would lose their case with the one named here, or have lost it to it. */
export function findSharingId(apidoc: unknown, place: Place): Place[] {
  const id = operationIdOf(place);
  return operationsOf(apidoc).filter((other) => other.id === id && collisionOf(place, other) !== undefined);
}

function shapeOf(path: string): string {
  return path.replaceAll(/\{[^{}/]+\}/g, '{}');
}
