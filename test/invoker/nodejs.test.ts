import { describe, expect, it } from 'vitest';
import { inBothKinds, textOf } from './harness';

describe('a Node.js action', () => {
  inBothKinds((bench) => {
    it('may be a function, an export or async', async () => {
      for (const code of [
        'function main(args) { return args }',
        'exports.main = (args) => args',
        'module.exports = { main: async (args) => args } // no line end',
        'const main = (args) => new Promise((resolve) => setImmediate(() => resolve(args)))',
      ]) {
        const outcome = await bench.nodejs(code, { parameters: { a: [1, null], b: 'ü' } });
        expect(outcome).toMatchObject({ statusCode: 0, result: { a: [1, null], b: 'ü' } });
      }
    });

    it('calls the function that main names', async () => {
      const outcome = await bench.nodejs('function other() { return { other: true } }', { main: 'other' });
      expect(outcome.result).toEqual({ other: true });
    });

    it('that returns nothing gives an empty object, and may give an array', async () => {
      expect((await bench.nodejs('function main() {}')).result).toEqual({});
      expect((await bench.nodejs('function main() { return [1, "two"] }')).result).toEqual([1, 'two']);
    });

    it('that throws is a developer error; the stack is in the log', async () => {
      const outcome = await bench.nodejs('function main() { throw new Error("kaboom"); }');
      expect(outcome).toMatchObject({ statusCode: 2, result: { error: 'An error has occurred: Error: kaboom' } });
      expect(textOf(outcome.logs)[0]).toBe('stderr: Error: kaboom');
    });

    it('whose promise is rejected has failed as an application', async () => {
      const plain = await bench.nodejs('function main() { return Promise.reject({ reason: "no" }) }');
      expect(plain).toMatchObject({ statusCode: 1, result: { error: { reason: 'no' } } });
      const error = await bench.nodejs('async function main() { throw new TypeError("kaboom") }');
      expect(error).toMatchObject({ statusCode: 1, result: { error: { name: 'TypeError', message: 'kaboom' } } });
      expect((await bench.nodejs('function main() { return Promise.reject() }')).result).toEqual({ error: {} });
      const circular = 'async function main() { const e = new Error("round"); e.self = e; throw e }';
      expect((await bench.nodejs(circular)).result).toMatchObject({ error: { message: 'round', self: '[Circular]' } });
    });

    it('that gives no object is a developer error', async () => {
      const outcome = await bench.nodejs('function main() { return "text" }');
      expect(outcome).toMatchObject({ statusCode: 2, result: { error: 'The action did not return a dictionary.' } });
    });

    it('that does not load is a developer error with the reason', async () => {
      const syntax = await bench.nodejs('function main( { return');
      expect(syntax).toMatchObject({ statusCode: 2 });
      expect(JSON.stringify(syntax.result)).toContain('Initialization has failed due to: ');
      expect(JSON.stringify(syntax.result)).toContain('SyntaxError');
      const missing = await bench.nodejs('const main = 42');
      expect(missing.result).toEqual({
        error: "Initialization has failed due to: Action entrypoint 'main' is not a function.",
      });
    });

    it('that exits is a developer error, whenever it does', async () => {
      const error = 'The action did not produce a valid response and exited unexpectedly.';
      expect((await bench.nodejs('function main() { process.exit(0) }')).result).toEqual({ error });
      const uncaught =
        'function main() { setImmediate(() => { throw new Error("late") }); return new Promise(() => {}) }';
      expect((await bench.nodejs(uncaught)).result).toEqual({ error });
      expect((await bench.nodejs('process.exit(0)')).result).toEqual({
        error: 'The action did not initialize and exited unexpectedly.',
      });
    });

    it('may require what Node.js has', async () => {
      const code = 'const os = require("node:os"); function main() { return { eol: os.EOL } }';
      expect((await bench.nodejs(code)).result).toEqual({ eol: '\n' });
    });
  });
});
