/**
 * Runs one Node.js action for the invoker, inside a sandbox.
 *
 * Protocol: as python/launcher.py has it. One JSON line in on stdin, one JSON line out on file descriptor 3; the first is
 * what OpenWhisk posts to /init, `{"value": {"name", "main", "env", and "code" or "path"}}`, answered by `{"ok": true}` or
 * `{"ok": false, "error": TEXT}`. An answer that begins with `!` is a failure of the action as such (OpenWhisk's runtime
 * answers 502 then), not a result. Texts are those of apache/openwhisk-runtime-nodejs.
 */
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const net = require('node:net');
const path = require('node:path');
const { Readable } = require('node:stream');
const vm = require('node:vm');

const END = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n';

/** Packages that OpenWhisk's runtime brings along; here only when they have been installed. */
const PACKAGES = path.join(__dirname, 'packages');
const BROUGHT = ['openwhisk', 'express', 'redis', 'serialize-error', 'uuid', 'body-parser'];
const packagesAreHere = fs.existsSync(PACKAGES);
if (packagesAreHere) {
  // Searched last by `require`, behind what an action brings.
  process.env.NODE_PATH = PACKAGES;
  Module._initPaths();
  delete process.env.NODE_PATH;
}

/** How to have a package that was not found, with a blank before it; empty when it is none of OpenWhisk's. */
function explainMissingPackage(error) {
  const name = /Cannot find (?:module|package) '([^'/]+)/.exec(String(error?.message))?.[1];
  if (packagesAreHere || !BROUGHT.includes(name)) return '';
  return ` '${name}' is one of the packages of OpenWhisk's Node.js runtime, which are not installed here. Install them once with \`npm run runtime-packages\`, and start the platform again; or put it into the action's zip.`;
}

/** Closes what the platform's process left open: this interpreter itself holds no file or socket yet, only its own loop. */
function closeInherited() {
  const folder = fs.existsSync('/proc/self/fd') ? '/proc/self/fd' : '/dev/fd';
  for (const name of fs.readdirSync(folder)) {
    const descriptor = Number(name);
    if (descriptor <= 3) continue;
    try {
      const stat = fs.fstatSync(descriptor);
      if (stat.isFile() || stat.isDirectory() || stat.isBlockDevice()) fs.closeSync(descriptor);
    } catch {} // The folder's own descriptor is closed by now.
  }
}

closeInherited();
const requests = new net.Socket({ fd: 0, readable: true, writable: false });
// Requests are not the action's to read.
Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from([]) });
const streams = [process.stdout, process.stderr].map((stream) => stream.write.bind(stream));

function send(text) {
  const bytes = Buffer.from(`${text}\n`);
  let written = 0;
  while (written < bytes.length) written += fs.writeSync(3, bytes, written);
}

/** Ends the activation and answers. The answer comes last: the platform then wakes once for all three. */
function finish(text) {
  for (const write of streams) write(END);
  send(text);
}

/** Source text: the body of a function that ends by naming `main`, so that a plain function and an export both do. */
function loadSource(code, main, folder) {
  if (!/^[\w$.]+$/.test(main)) throw new Error(`Action entrypoint '${main}' is not a name.`);
  const file = path.join(folder, 'index.js');
  const module = { exports: {} };
  const ending = `
;try { return ${main}; } catch (error) {
  if (error.name !== 'ReferenceError') throw error;
  return module.exports.${main} || exports.${main};
}`;
  const body = vm.compileFunction(code + ending, ['exports', 'require', 'module', '__filename', '__dirname'], {
    filename: file,
    importModuleDynamically: vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  return body.call(module.exports, module.exports, Module.createRequire(file), module, file, folder);
}

/** An unpacked zip: `main` names an export of the package, or `file.export`. */
function loadFolder(folder, main) {
  const dot = main.indexOf('.');
  const file = dot > 0 ? main.slice(0, dot) : undefined;
  const names = (dot > 0 ? main.slice(dot + 1) : main).split('.');
  if (file === undefined && !fs.existsSync('package.json') && !fs.existsSync('index.js')) {
    throw 'Zipped actions must contain either package.json or index.js at the root.';
  }
  const loaded = Module.createRequire(path.join(folder, 'package.json'))(
    file === undefined ? folder : path.join(folder, file),
  );
  return names.reduce((value, name) => value?.[name], loaded);
}

function initialize(value) {
  for (const [key, entry] of Object.entries(value.env ?? {})) {
    process.env[key] = typeof entry === 'object' && entry !== null ? JSON.stringify(entry) : String(entry || '');
  }
  process.chdir(value.path);
  const main = value.main || 'main';
  const handler = 'code' in value ? loadSource(value.code, main, value.path) : loadFolder(value.path, main);
  if (typeof handler !== 'function') throw `Action entrypoint '${main}' is not a function.`;
  return handler;
}

/** What a rejected promise carries, as JSON can hold it: an Error keeps its name, message, stack and own properties. */
function serializeError(value, seen = new Set()) {
  if (typeof value === 'function') return `[Function: ${value.name || 'anonymous'}]`;
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return '[Circular]';
  if (typeof value.toJSON === 'function') return value.toJSON();
  if (Buffer.isBuffer(value)) return '[object Buffer]';
  const inner = new Set(seen).add(value);
  if (Array.isArray(value)) return value.map((entry) => serializeError(entry, inner));
  const result = {};
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry !== 'function') result[key] = serializeError(entry, inner);
  }
  for (const key of ['name', 'message', 'stack', 'code', 'cause', 'errors']) {
    if (value instanceof Error && value[key] !== undefined) result[key] = serializeError(value[key], inner);
  }
  return result;
}

async function run(handler, request) {
  for (const [key, value] of Object.entries(request)) {
    if (key !== 'value' && typeof value === 'string') process.env[`__OW_${key.toUpperCase()}`] = value;
  }
  let returned;
  try {
    returned = handler(request.value ?? {});
  } catch (error) {
    console.error(error);
    return `!${JSON.stringify({ error: `An error has occurred: ${error}${explainMissingPackage(error)}` })}`;
  }
  let result;
  try {
    result = await returned;
    if (result === undefined) result = {};
  } catch (error) {
    const hint = explainMissingPackage(error);
    if (hint !== '') error.message += hint;
    result = { error: error ? serializeError(error) : {} };
  }
  if (typeof result !== 'object') {
    console.error(`Result must be of type object but has type "${typeof result}":`, result);
    return `!${JSON.stringify({ error: 'The action did not return a dictionary.' })}`;
  }
  try {
    return JSON.stringify(result) ?? '{}';
  } catch (error) {
    console.error(error);
    return `!${JSON.stringify({ error: `An error has occurred: ${error}` })}`;
  }
}

let handler;
async function take(line) {
  const request = JSON.parse(line);
  if (handler) return finish(await run(handler, request));
  try {
    handler = initialize(request.value);
  } catch (error) {
    console.error('Error during initialization:', error);
    const cause = error?.stack ? String(error.stack) : String(error);
    const text = `Initialization has failed due to: ${cause}${explainMissingPackage(error)}`;
    return finish(JSON.stringify({ ok: false, error: text }));
  }
  return send('{"ok":true}');
}

let parts = [];
requests.on('data', (chunk) => {
  const end = chunk.indexOf(10);
  if (end < 0) return void parts.push(chunk);
  parts.push(chunk.subarray(0, end));
  const line = Buffer.concat(parts).toString('utf8');
  parts = [chunk.subarray(end + 1)];
  void take(line);
});
requests.on('end', () => process.exit(0));
