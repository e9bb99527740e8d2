import { isSameJson, type JsonObject } from '../json';

/**
 * The parameters that belong to an entity itself. A GET shows them merged with those of its package (for an action) or
 * of the bound package (for a binding), and nothing in the answer tells them apart: recorded case `package-parameters`.
 *
 * @param merged What a GET shows.
 * @param inherited Parameters of the package.
 * @param previous The entity's own parameters as last written: settles what both could have.
 */
export function pickOwnParameters(merged: JsonObject, inherited: JsonObject, previous: JsonObject): JsonObject {
  const own = Object.entries(merged).filter(([key, value]) => {
    if (!(key in inherited) || !isSameJson(value, inherited[key])) return true;
    return key in previous && isSameJson(value, previous[key]);
  });
  return Object.fromEntries(own);
}
