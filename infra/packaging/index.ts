/** Packaging of actions: see README.md. */
export {
  BUILD_DIR,
  listActions,
  type PackagedActions,
  type PackagingOptions,
  PROJECT_ROOT,
  packageActions,
  packagePythonAction,
} from './actions';
export type { PackagedAction } from './built';
export { PackagingError } from './errors';
export { chooseDefaultPython, findInterpreter, type Interpreter } from './interpreter';
export { type PackageActionArgs, packageAction } from './package-action';
export { ensureVirtualenv, findVirtualenv, type Virtualenv, type VirtualenvArgs } from './virtualenv';
