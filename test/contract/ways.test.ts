import { describe, expect, test } from 'vitest';
import { commandsFor } from '../../contract/commands';
import { CONVERSION_MEMORY } from '../../contract/limits';
import { BUCKETS, PACKAGE, TRIGGER } from '../../contract/names';
import { WAY_NAMES, WAYS, waysOn } from '../../contract/ways';
import { RELEASE_KEYS } from '../../infra/config/keys/openwhisk-release';
import { STORAGE_KEYS } from '../../infra/config/keys/storage';

const PLACES = {
  ...{ rest: 'https://ow.example/api/v1/namespaces/_', url: 'https://ow.example/convert/pdf', storage: undefined },
  ...{ inBucket: `ada-${BUCKETS.in}`, outBucket: `ada-${BUCKETS.out}`, trigger: TRIGGER, events: false },
};

describe('the ways', () => {
  test('are those of the lab; Cloud Run takes no parameters', () => {
    expect(WAY_NAMES).toEqual(['v0', 'v1', 'v2', 'v3']);
    expect(waysOn('openwhisk')).toEqual(WAY_NAMES);
    expect(waysOn('cloudrun')).toEqual(['v1', 'v2', 'v3']);
  });

  test('have each their commands, by the names of the contract', () => {
    const commands = commandsFor(PLACES);
    expect(Object.keys(commands)).toEqual(WAY_NAMES);
    for (const way of ['v0', 'v1', 'v2'] as const) expect(commands[way].wsk).toContain(`invoke ${PACKAGE}/${way} `);
    expect(commands.v3.wsk).toContain(`trigger fire ${WAYS.v3.trigger} `);
    expect(commands.v2.curl).toContain(`--request ${WAYS.v2.method} `);
  });
});

describe('what is said elsewhere as well', () => {
  test('the memory that an action may ask for is what a conversion asks for', () => {
    expect(RELEASE_KEYS.actionMemory.default).toBe(String(CONVERSION_MEMORY));
  });

  test('examples of bucket names are those that a stack makes', () => {
    expect(STORAGE_KEYS.inBucket.example).toBe(`ada-${BUCKETS.in}`);
    expect(STORAGE_KEYS.outBucket.example).toBe(`ada-${BUCKETS.out}`);
  });
});
