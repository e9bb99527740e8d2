'use strict';
// Makes JavaScript of one TypeScript file. A change of this file compiles everything anew.
const path = require('node:path');

const LAZY = path.join(__dirname, 'lazy.js');

/** As tsconfig.base.json has it, for the oldest Node.js. @returns {import('esbuild').TransformOptions} */
function optionsFor(file) {
  return {
    ...{ loader: 'ts', format: 'cjs', platform: 'node', target: 'node20.19' },
    ...{ sourcefile: file, sourcemap: 'external', sourcesContent: false },
    tsconfigRaw: { compilerOptions: { target: 'es2023', strict: true } },
    logLevel: 'silent',
  };
}

/**
 * Two things that esbuild does for bundles only; each stays in its line, so the source map holds.
 * - A module is loaded when something of it is used first, not where it is imported: so a command loads just what it uses.
 * - A neighbor that is imported by `import()` is a TypeScript file, too, whatever its name says.
 */
function adapt(file, code) {
  let isFirst = true;
  const folder = path.dirname(file);
  return code
    .replaceAll(/^var (import_\w+) = ((?:__toESM\()?require\("[^"]+"\)\)?);$/gm, (_, name, module) => {
      const helper = isFirst ? `var __lazy = require(${JSON.stringify(relative(folder, LAZY))}); ` : '';
      isFirst = false;
      return `${helper}var ${name} = __lazy(() => ${name} = ${module});`;
    })
    .replaceAll(/\bimport\("(\.{1,2}\/[^"]+)\.js"\)/g, (_, name) => `Promise.resolve().then(() => require("${name}"))`);
}

function relative(folder, file) {
  const name = path.relative(folder, file).split(path.sep).join('/');
  return name.startsWith('.') ? name : `./${name}`;
}

/** @param {string} file @param {Buffer} source @returns {Promise<{ code: string, map: string }>} @throws for bad syntax */
async function compile(file, source) {
  const { code, map } = await require('esbuild').transform(source, optionsFor(file));
  return { code: adapt(file, code), map };
}

/** At once, and without a process that stays. @param {string} file @param {Buffer} source @returns {string} @throws for bad syntax */
function compileOne(file, source) {
  return adapt(file, require('esbuild').transformSync(source, optionsFor(file)).code);
}

module.exports = { compile, compileOne };
