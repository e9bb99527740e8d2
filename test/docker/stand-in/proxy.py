"""The HTTP side of OpenWhisk's action loop: POST /init once, then POST /run, on port 8080; the action is a child process.

Statuses, texts and ends of logs are those of apache/openwhisk-runtime-go (`initHandler`, `runHandler`, `Executor`) as the
Python images set it up (OW_WAIT_FOR_ACK, OW_LOG_INIT_ERROR).
"""

import ast
import base64
import io
import json
import os
import subprocess
import sys
import zipfile
from http.server import BaseHTTPRequestHandler, HTTPServer

END = b"XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n"
FOLDER = "/action"
COMPILE_FAILED = "The action failed to generate or locate a binary. See logs for details."
START_FAILED = "Cannot start action. Check logs for details."


class Failure(Exception):
    def __init__(self, status, error, reason=None):
        super().__init__(error)
        self.status = status
        self.reason = reason


class Loop:
    """The interpreter of the action: one JSON line in on stdin, one out on descriptor 3."""

    def __init__(self, main, environment):
        answers, child_end = os.pipe()
        command = [sys.executable, "/loop.py", main]
        environment = {key: value if isinstance(value, str) else json.dumps(value) for key, value in environment.items()}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, env=environment, preexec_fn=lambda: os.dup2(child_end, 3), pass_fds=[3]
        )
        os.close(child_end)
        self.answers = os.fdopen(answers, "rb")
        if not self.answers.readline():
            raise Failure(502, START_FAILED, "Command exited abruptly during initialization.")

    def ask(self, line):
        try:
            self.process.stdin.write(line + b"\n")
            self.process.stdin.flush()
        except OSError:
            return b""
        return self.answers.readline()


def end_logs():
    for descriptor in (1, 2):
        os.write(descriptor, END)


def unpack(value):
    os.makedirs(FOLDER, exist_ok=True)
    code = base64.b64decode(value["code"]) if value.get("binary") else value["code"].encode()
    if code[:2] == b"PK":
        zipfile.ZipFile(io.BytesIO(code)).extractall(FOLDER)
    else:
        with open(FOLDER + "/__main__.py", "wb") as file:
            file.write(code)
    try:
        with open(FOLDER + "/__main__.py", "rb") as file:
            ast.parse(file.read())
    except SyntaxError as error:
        raise Failure(502, COMPILE_FAILED, error.msg) from None
    except OSError:
        raise Failure(502, COMPILE_FAILED, "Zip file does not include main__") from None


class Proxy(BaseHTTPRequestHandler):
    loop = None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            self.answer(200, self.initialize(json.loads(body)) if self.path == "/init" else self.run(body))
        except Failure as failure:
            if failure.reason is not None:
                os.write(2, failure.reason.encode() + b"\n")
                end_logs()
            self.answer(failure.status, json.dumps({"error": str(failure)}).encode() + b"\n")

    def initialize(self, request):
        value = request.get("value") or {}
        if Proxy.loop is not None:
            raise Failure(403, "Cannot initialize the action more than once.")
        if not value.get("code"):
            raise Failure(403, "Missing main/no code to execute.")
        unpack(value)
        environment = {**(value.get("env") or {}), "__OW_EXECUTION_ENV": os.environ["OW_EXECUTION_ENV"]}
        Proxy.loop = Loop(value.get("main") or "main", environment)
        return b'{"ok":true}\n'

    def run(self, body):
        if Proxy.loop is None:
            raise Failure(500, "no action defined yet")
        answer = Proxy.loop.ask(body.replace(b"\n", b""))
        end_logs()
        if not answer:
            raise Failure(400, "command exited")
        if not isinstance(json.loads(answer), (dict, list, type(None))):
            raise Failure(502, "The action did not return a dictionary or array.")
        return answer

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


HTTPServer(("0.0.0.0", 8080), Proxy).serve_forever()
