'use strict';
// Stack traces name the lines of the sources. Node.js could do this, too (--enable-source-maps), but would read the map of each file
// of each package as it loads it.
const { SourceMap } = require('node:module');

/** @param {(file: string) => object | undefined} findMap the source map of a TypeScript file */
function mapStackTraces(findMap) {
  /** @type {Map<string, SourceMap | undefined>} */
  const maps = new Map();
  const mapOf = (file) => {
    if (!maps.has(file)) maps.set(file, load(findMap, file));
    return maps.get(file);
  };
  Error.prepareStackTrace = (error, frames) =>
    [nameError(error), ...frames.map((frame) => `    at ${describeFrame(frame, mapOf)}`)].join('\n');
}

function load(findMap, file) {
  try {
    const payload = findMap(file);
    return payload && new SourceMap(payload);
  } catch {
    return undefined;
  }
}

function nameError(error) {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return '<error>';
  }
}

/** A frame in the words of V8, with the place in the source. */
function describeFrame(frame, mapOf) {
  const words = `${frame}`;
  const file = frame.getFileName();
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  if (!file?.endsWith('.ts') || line === null || column === null) return words;
  const { originalLine, originalColumn } = mapOf(file)?.findEntry(line - 1, column - 1) ?? {};
  if (originalLine === undefined) return words;
  return words.replace(`${file}:${line}:${column}`, `${file}:${originalLine + 1}:${originalColumn + 1}`);
}

module.exports = { mapStackTraces };
