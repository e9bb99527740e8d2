'use strict';
// Lets a process load TypeScript: what it runs is the compiled form of each file, made anew when the file has changed.
// Usage: `node --require compile/register.js FILE.ts`, or `require` it first.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { spawnSync } = require('node:child_process');
const path = require('node:path');
const { mapStackTraces } = require('./stack-traces.js');
const { findCompiled, findMap, isOfProject } = require('./store.js');
const { deferUnusedParts } = require('./unused-parts.js');

const PROGRAM = path.join(__dirname, 'compile-all.js');
let hasCompiledAll = false;

/** The code that runs in place of a file. The whole project is compiled at once, in a process of its own. */
function codeOf(file) {
  const source = readFileSync(file);
  const found = findCompiled(file, source);
  if (found !== undefined) return found;
  if (!hasCompiledAll && isOfProject(file)) {
    hasCompiledAll = true;
    spawnSync(process.execPath, [PROGRAM], { stdio: 'ignore', env: { ...process.env, NODE_OPTIONS: '' } });
    const made = findCompiled(file, source);
    if (made !== undefined) return made;
  }
  // A file of somebody else, a fault in it, or no folder to write to.
  return require('./compiler.js').compileOne(file, source);
}

Module._extensions['.ts'] = (module, file) => module._compile(codeOf(file), file);
deferUnusedParts();
mapStackTraces(findMap);
