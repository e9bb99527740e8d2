'use strict';
// Parts of packages that are loaded with everything else of them, and that a command hardly ever uses: here they are loaded when
// something of them is used. Only for CommonJS; a part that is gone from its package does no harm.
const Module = require('node:module');
const path = require('node:path');
const lazy = require('./lazy.js');

/** Of what is below the last `node_modules` of its path. */
const UNUSED_PARTS = new Set([
  // Pulumi's SDK: functions are serialized by the TypeScript compiler, and packed for the cloud by npm itself ...
  'typescript/lib/typescript.js',
  '@npmcli/arborist/lib/index.js',
  'normalize-package-data/lib/normalize.js',
  'fdir/dist/index.cjs',
  // ... an engine is talked to by gRPC, and providers of other languages by versions ...
  '@grpc/grpc-js/build/src/index.js',
  '@pulumi/pulumi/proto/callback_grpc_pb.js',
  '@pulumi/pulumi/proto/engine_grpc_pb.js',
  '@pulumi/pulumi/proto/resource_grpc_pb.js',
  '@opentelemetry/api/build/src/index.js',
  'semver/index.js',
  // ... and it can itself start the Pulumi CLI, and be a provider.
  '@pulumi/pulumi/automation/index.js',
  '@pulumi/pulumi/provider/index.js',
  // The words of zod in fifty languages; English is loaded by itself.
  'zod/v4/locales/index.cjs',
]);

const BELOW = `${path.sep}node_modules${path.sep}`;

/** @param {string} file absolute */
function isUnusedPart(file) {
  const at = file.lastIndexOf(BELOW);
  return (
    at !== -1 &&
    UNUSED_PARTS.has(
      file
        .slice(at + BELOW.length)
        .split(path.sep)
        .join('/'),
    )
  );
}

/** Has them loaded later, from now on. */
function deferUnusedParts() {
  const load = Module._extensions['.js'];
  Module._extensions['.js'] = (module, file) => {
    if (!isUnusedPart(file)) return load(module, file);
    const placeholder = makePlaceholder(() => {
      if (module.exports === placeholder) {
        module.exports = {};
        load(module, file);
      }
      return module.exports;
    });
    module.exports = placeholder;
  };
}

/** By the mark `__esModule`, compiled code takes a module as it is, instead of copying it: so it is answered before anything is loaded. */
function makePlaceholder(load) {
  return lazy(load, (name) => {
    if (name === '__esModule') return true;
    return name === 'default' && !load().__esModule ? load() : load()[name];
  });
}

module.exports = { UNUSED_PARTS, deferUnusedParts };
