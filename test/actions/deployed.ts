/** The arguments that an action gets where a stack has deployed it. */
import declared from '../../actions/settings.json';
import type { JsonObject } from '../../ground/json';

/** `given` with what the action has as settings in the one parameter for it; settings that are not given are empty. */
export function deployed(action: keyof typeof declared, given: JsonObject): JsonObject {
  const names = Object.keys(declared[action]);
  const isSetting = ([name]: [string, unknown]) => names.includes(name);
  const empty = Object.fromEntries(names.map((name) => [name, '']));
  const entries = Object.entries(given);
  return {
    ...Object.fromEntries(entries.filter((entry) => !isSetting(entry))),
    settings: { ...empty, ...Object.fromEntries(entries.filter(isSetting)) },
  };
}
