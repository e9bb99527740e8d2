'use strict';
// Compiles what has changed of the project. `npm ci` runs it, and whatever finds a file that has changed.
const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { compile } = require('./compiler.js');
const { FOLDERS, findCompiled, keepCompiled, ROOT } = require('./store.js');

/** @param {string} folder @returns {string[]} the TypeScript files in it */
function listSources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : listSources(name);
    return /(?<!\.d)\.ts$/.test(entry.name) ? [name] : [];
  });
}

async function compileAll() {
  const files = [path.join(ROOT, 'index.ts'), ...FOLDERS.flatMap((folder) => listSources(path.join(ROOT, folder)))];
  await Promise.all(
    files.map(async (file) => {
      const source = readFileSync(file);
      if (findCompiled(file, source) !== undefined) return;
      // A fault is told by the command that needs the file.
      const compiled = await compile(file, source).catch(() => undefined);
      if (compiled !== undefined) keepCompiled(file, source, compiled);
    }),
  );
}

compileAll();
