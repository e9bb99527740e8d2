'use strict';
// Where compiled files are. Each names the source that it was made of by a digest, in its last line: so neither clocks nor
// half-written files nor another branch can make it pass for something that it is not.
const { createHash } = require('node:crypto');
const { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { homedir } = require('node:os');
const path = require('node:path');

const ROOT = path.join(__dirname, '..');
/** The folders whose TypeScript the commands run. */
const FOLDERS = ['actions', 'cli', 'contract', 'feed', 'ground', 'infra', 'platform', 'runner', 'sandbox'];
const DIGEST = '\n//# compiled from ';
/** Another way to compile makes other files. */
const COMPILER = readFileSync(path.join(__dirname, 'compiler.js'));

/** Beside the project's other products; for someone who may not write there, in their own home. */
const PLACES = [path.join(ROOT, 'build', 'compiled'), homePlace()].filter((place) => place !== undefined);

function homePlace() {
  const home = homedir();
  if (!path.isAbsolute(home) || home === '/nonexistent') return undefined;
  const cache = process.env.XDG_CACHE_HOME || path.join(home, '.cache');
  return path.join(cache, 'pdfmagic', createHash('sha256').update(ROOT).digest('hex').slice(0, 16));
}

/** Whether a file is among those that are compiled together. @param {string} file absolute */
function isOfProject(file) {
  const [top = ''] = path.relative(ROOT, file).split(path.sep);
  return top === 'index.ts' || FOLDERS.includes(top);
}

/** @param {string} file @param {Buffer} source */
function digestOf(file, source) {
  const name = path.relative(ROOT, file);
  return createHash('sha256').update(COMPILER).update(`\0${name}\0`).update(source).digest('hex');
}

/** @param {string} place @param {string} file @returns {string | undefined} nothing for a file outside the project */
function compiledName(place, file) {
  const name = path.relative(ROOT, file);
  return name.startsWith('..') || name.includes('node_modules') ? undefined : path.join(place, `${name}.js`);
}

/**
 * The compiled form of just this source.
 * @param {string} file absolute path of the source @param {Buffer} source its content @returns {string | undefined}
 */
function findCompiled(file, source) {
  const ending = `${DIGEST}${digestOf(file, source)}\n`;
  return readPlaces(file, '').find((text) => text.endsWith(ending));
}

/** The source map of a file as it was compiled last. @param {string} file @returns {object | undefined} */
function findMap(file) {
  return readPlaces(file, '.map').map((text) => JSON.parse(text))[0];
}

/** @returns {string[]} what can be read, the nearest place first */
function readPlaces(file, suffix) {
  return PLACES.flatMap((place) => {
    const name = compiledName(place, file);
    try {
      return name === undefined ? [] : [readFileSync(name + suffix, 'utf8')];
    } catch {
      return [];
    }
  });
}

/**
 * Keeps a compiled form in the first place that takes it; nobody ever sees half of it.
 * @param {string} file @param {Buffer} source @param {{ code: string, map: string }} compiled
 * @returns {boolean} whether there was such a place
 */
function keepCompiled(file, source, { code, map }) {
  return PLACES.some((place) => {
    const name = compiledName(place, file);
    if (name === undefined) return false;
    try {
      mkdirSync(path.dirname(name), { recursive: true });
      replaceFile(`${name}.map`, map);
      replaceFile(name, `${code}${DIGEST}${digestOf(file, source)}\n`);
      return true;
    } catch {
      return false;
    }
  });
}

function replaceFile(name, text) {
  const draft = `${name}.${process.pid}`;
  try {
    writeFileSync(draft, text);
    renameSync(draft, name);
  } finally {
    rmSync(draft, { force: true });
  }
}

module.exports = { FOLDERS, ROOT, findCompiled, findMap, isOfProject, keepCompiled };
