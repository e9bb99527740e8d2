'use strict';

/**
 * Stands for a module that is loaded when something of it is used first.
 * @param {() => object} load loads it; also lets what was given out here be forgotten, so that later uses cost nothing
 * @returns {object}
 */
module.exports = function lazy(load) {
  return new Proxy(Object.create(null), {
    get: (_, name) => load()[name],
    has: (_, name) => name in load(),
    ownKeys: () => Reflect.ownKeys(load()),
    getOwnPropertyDescriptor: (_, name) => {
      const found = Reflect.getOwnPropertyDescriptor(load(), name);
      return found && { ...found, configurable: true };
    },
  });
};
