/**
 * Parts of Pulumi's SDK that it loads with everything else, and a run hardly ever uses: together two thirds of its modules. Here
 * they are loaded when something of them is used.
 */
import { createRequire, Module } from 'node:module';
import path from 'node:path';

const SDK = createRequire(createRequire(__filename).resolve('@pulumi/pulumi'));

/** npm itself, for the packages that a function in the cloud needs; and what starts the Pulumi CLI. */
export const UNUSED_PARTS = ['@npmcli/arborist', './automation'] as const;

/** Has them loaded later. To be called before the SDK is loaded. */
export function deferUnusedParts(): void {
  for (const part of UNUSED_PARTS) defer(SDK.resolve(part));
}

/** Puts a module into Node's cache that becomes the real one when something of it is used. */
function defer(file: string): void {
  let real: Record<PropertyKey, unknown> | undefined;
  const load = () => {
    if (real === undefined) {
      delete SDK.cache[file];
      real = SDK(file) as Record<PropertyKey, unknown>;
    }
    return real;
  };
  const placeholder = new Module(file);
  Object.assign(placeholder, { filename: file, paths: [path.dirname(file)], loaded: true });
  // By this mark the SDK's `__importStar` takes a module as it is, instead of copying it.
  placeholder.exports = new Proxy({}, { get: (_, name) => name === '__esModule' || load()[name] });
  SDK.cache[file] = placeholder;
}
