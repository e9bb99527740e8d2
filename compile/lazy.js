'use strict';

/**
 * Stands for a module that is loaded when something of it is used first.
 * @param {() => object} load loads it; also lets what was given out here be forgotten, so that later uses cost nothing
 * @param {(name: string | symbol) => unknown} read what it has by this name
 * @returns {object}
 */
module.exports = function lazy(load, read = (name) => load()[name]) {
  return new Proxy(Object.create(null), {
    get: (_, name) => read(name),
    has: (_, name) => name in load(),
    ownKeys: () => Reflect.ownKeys(load()),
    getOwnPropertyDescriptor: (_, name) => {
      const found = Reflect.getOwnPropertyDescriptor(load(), name);
      return found && { ...found, configurable: true };
    },
  });
};
