"""Speaks OpenWhisk's action protocol as the Python action images do: POST /init once, then POST /run, on port 8080.

Source: apache/openwhisk-runtime-go (docs/ACTION.md) and openwhisk-runtime-python: a zip is unpacked, its virtualenv/
activated by bin/activate_this.py, and main of __main__.py called with the parameters.
"""

import base64
import importlib.util
import io
import json
import os
import sys
import traceback
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

END = "XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX"
state = {}


def initialize(value):
    folder = "/tmp/action"
    zipfile.ZipFile(io.BytesIO(base64.b64decode(value["code"]))).extractall(folder)
    activate = os.path.join(folder, "virtualenv", "bin", "activate_this.py")
    with open(activate, encoding="utf-8") as script:
        exec(compile(script.read(), activate, "exec"), {"__file__": activate})
    sys.path.insert(0, folder)
    spec = importlib.util.spec_from_file_location("action", os.path.join(folder, "__main__.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    os.environ.update(value.get("env") or {})
    state["main"] = getattr(module, value.get("main") or "main")


def run(body):
    for key, value in body.items():
        if key != "value":
            os.environ["__OW_" + key.upper()] = str(value)
    try:
        return state["main"](body.get("value") or {})
    finally:
        for stream in (sys.stdout, sys.stderr):
            print(END, file=stream, flush=True)


class Proxy(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            if self.path == "/init":
                if state:
                    return self.answer(403, {"error": "Cannot initialize the action more than once."})
                initialize(body["value"])
                return self.answer(200, {"ok": True})
            return self.answer(200, run(body))
        except Exception:
            traceback.print_exc()
            return self.answer(502, {"error": "An error has occurred: see the logs."})

    def answer(self, status, result):
        text = json.dumps(result).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


HTTPServer(("0.0.0.0", 8080), Proxy).serve_forever()
