/**
 * A virtual environment with pip, as `python -m venv` makes it. That one has pip install and compile itself, from inside its own
 * wheel, which takes twenty times as long as to unpack the wheel: that is all there is to it, since a wheel is made to be unpacked
 * (PEP 427). A Python that keeps its wheel elsewhere does it its own way.
 */
import type { Mounts } from './container';
import type { Interpreter } from './interpreter';
import { runPython } from './python';

/** `ensurepip.version` is what `venv` would install; where its wheel is, is what Python was configured with, or in its library. */
const PROGRAM = `import venv, ensurepip, os, sys, sysconfig, zipfile
from glob import glob, escape
target = sys.argv[1]
places = [sysconfig.get_config_var("WHEEL_PKG_DIR"), os.path.join(os.path.dirname(ensurepip.__file__), "_bundled")]
name = "pip-%s-*.whl" % ensurepip.version()
wheels = [wheel for place in places if place for wheel in glob(os.path.join(escape(place), name))]
venv.create(target, symlinks=True, with_pip=not wheels)
if wheels:
    where = sysconfig.get_path("purelib", "posix_prefix", {"base": target, "platbase": target})
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(where)
`;

/**
 * Makes one in a folder that is not there yet.
 * @param mounts what a container must see of this machine
 * @throws PackagingError saying what went wrong while `doing`
 */
export async function makeVenv(
  python: string | Pick<Interpreter, 'command' | 'image'>,
  folder: string,
  doing: string,
  mounts?: Mounts,
): Promise<void> {
  // Isolated: no module of the present folder is taken for one of Python's own.
  await runPython(python, ['-I', '-c', PROGRAM, folder], doing, mounts);
}
