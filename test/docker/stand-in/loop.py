"""The action's side of the action loop: `loop.py FUNCTION`, in the folder /action. Each key of a request but `value` becomes
__OW_<KEY> of the environment."""

import importlib.util
import json
import os
import sys
import traceback

answers = os.fdopen(3, "wb")
os.set_inheritable(3, False)
os.chdir("/action")
activate = "virtualenv/bin/activate_this.py"
if os.path.exists(activate):
    with open(activate, encoding="utf-8") as script:
        exec(compile(script.read(), os.path.abspath(activate), "exec"), {"__file__": os.path.abspath(activate)})
sys.path.insert(0, "/action")
spec = importlib.util.spec_from_file_location("main__", "/action/__main__.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
function = getattr(module, sys.argv[1])


def send(value):
    answers.write(json.dumps(value, ensure_ascii=False).encode() + b"\n")
    answers.flush()


send({"ok": True})
for line in sys.stdin:
    request = json.loads(line)
    parameters = request.pop("value", {})
    for key, entry in request.items():
        os.environ["__OW_" + key.upper()] = entry
    try:
        result = function(parameters)
    except Exception as error:
        print(traceback.format_exc(), file=sys.stderr)
        result = {"error": str(error)}
    sys.stdout.flush()
    sys.stderr.flush()
    send(result)
