"""Runs the zip of a Python action as OpenWhisk's Python runtime does, for the tests: `run_action.py ZIP FOLDER`.

Unpacks it, activates its virtualenv, imports `__main__.py` under another name and calls `main` once per line of JSON on
stdin. Answers are lines of JSON on file descriptor 3, so that stdout and stderr are the action's own. With the variable
COUNT_OPENED, a line on stderr says after each answer which files were opened since the one before.
"""

import importlib.util
import json
import os
import runpy
import sys
import zipfile
from pathlib import Path

with zipfile.ZipFile(sys.argv[1]) as archive:
    archive.extractall(sys.argv[2])
os.chdir(sys.argv[2])
opened = []
if "COUNT_OPENED" in os.environ:

    def listen(event: str, arguments: tuple[object, ...]) -> None:
        """Keeps the files that are opened; that of a module in C is told by `import` alone."""
        if event == "open" or (event == "import" and arguments[1]):
            opened.append(str(arguments[event == "import"]))

    sys.addaudithook(listen)
script = Path("virtualenv/bin/activate_this.py").resolve()
os.environ.pop("PATH", None)  # an action sees only the virtualenv's
runpy.run_path(str(script))
sys.path.insert(0, str(Path.cwd()))
spec = importlib.util.spec_from_file_location("main__", "__main__.py")
action = importlib.util.module_from_spec(spec)
spec.loader.exec_module(action)

with os.fdopen(3, "w", encoding="utf-8") as answers:
    for line in sys.stdin:
        result = action.main(json.loads(line))
        answers.write(json.dumps(result) + "\n")
        answers.flush()
        if "COUNT_OPENED" in os.environ:
            sys.stderr.write(f"opened: {json.dumps(opened)}\n")
            sys.stderr.flush()
            opened.clear()
