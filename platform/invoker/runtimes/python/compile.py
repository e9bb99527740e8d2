"""Compiles the Python files of the present folder, inside a sandbox: it is read-only, and nobody trusts what is in it.

Writes a zip to descriptor 3 with the byte code of each file that has none yet, named as an import looks for it. By such byte
code no time stamp is asked, since an unpacked action never changes. A file that does not compile is left out: the action says
so when it is loaded. Nothing of the code is run.
"""

import importlib.util
import os
import warnings
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc


def compile_file(file):
    with open(file, "rb") as source:
        text = source.read()
    code = compile(text, os.path.abspath(file), "exec", dont_inherit=True)
    return bytes(_code_to_hash_pyc(code, importlib.util.source_hash(text), False))


def main():
    warnings.simplefilter("ignore")
    with os.fdopen(3, "wb") as answers, zipfile.ZipFile(answers, "w") as target:
        for folder, _, names in os.walk("."):
            for name in (name for name in names if name.endswith(".py")):
                file = os.path.normpath(os.path.join(folder, name))
                cached = importlib.util.cache_from_source(file)
                if os.path.lexists(cached) or not os.path.isfile(file):
                    continue
                try:
                    code = compile_file(file)
                except (SyntaxError, ValueError, RecursionError, MemoryError, OSError):
                    continue
                target.writestr(cached, code)


main()
