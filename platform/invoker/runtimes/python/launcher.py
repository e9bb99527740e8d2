"""Runs one Python action for the invoker, inside a sandbox.

Protocol (OpenWhisk's "action loop", as apache/openwhisk-runtime-go speaks it to an interpreter): one JSON line in on
stdin, one JSON line out on file descriptor 3. Here the first line is what OpenWhisk posts to /init,

    {"value": {"name", "main", "env", and "code" (source text) or nothing but "path" (folder of an unpacked zip)}}

answered by {"ok": true} or {"ok": false, "error": TEXT}; every further line is what it posts to /run,
{"value": PARAMETERS, KEY: VALUE, ...}, where each KEY becomes __OW_<KEY>, answered by the result. An activation ends with
the end-of-activation line on both stdout and stderr, written just before each result and before the answer of a failed /init.
"""

import ast
import contextlib
import gc
import glob
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import select
import sys
import traceback

END = b"XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n"
# What JSON has in a text as it is: printable ASCII, without quotation mark and backslash.
PLAIN = bytes(range(0x20, 0x7F)).translate(None, b'"\\')
# Characters of a text from which on it is worth a look of its own.
LONG = 4096
COMPILE_FAILED = "The action failed to generate or locate a binary. See logs for details."
START_FAILED = "Cannot start action. Check logs for details."
# The module an action's file becomes; OpenWhisk renames __main__.py so that it can import it.
MODULE = "main__"
# Packages that OpenWhisk's runtime brings along; here only when they have been installed.
PACKAGES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "packages")
BROUGHT = frozenset(
    "attr attrs bs4 certifi cryptography dateutil httplib2 kafka lxml netifaces OpenSSL parsel pkg_resources requests "
    "scrapy setuptools simplejson six twisted urllib3 virtualenv w3lib zope".split()
)

# What clients of HTTP services load of the standard library: half of the time that they need to load.
AHEAD = (
    "asyncio csv dataclasses email.generator email.mime.application email.mime.multipart hashlib http.cookiejar http.cookies "
    "importlib.metadata logging mimetypes mmap pathlib pickle platform secrets shutil ssl subprocess tempfile "
    "unicodedata urllib.request uuid xml.etree.ElementTree zipfile"
).split()


class CompileError(Exception):
    """The code cannot become a module; the text goes to the log."""


def explain_missing_package(error):
    """How to have a package that an import did not find, with a blank before it; empty when it is none of OpenWhisk's."""
    name = (getattr(error, "name", None) or "").split(".")[0]
    if not isinstance(error, ModuleNotFoundError) or name not in BROUGHT or os.path.isdir(PACKAGES):
        return ""
    return (
        " '%s' is one of the packages of OpenWhisk's Python runtime, which are not installed here. Install them once with"
        " `npm run runtime-packages`, and start the platform again; or put it into the action's virtualenv." % name
    )


def take_private(descriptor):
    """Moves a descriptor out of the reach of the action's child processes."""
    private = os.dup(descriptor)  # not inheritable, PEP 446
    os.close(descriptor)
    return private


def load_ahead(requests, path):
    """Loads AHEAD until there is a request, for a zip with urllib3; nothing that hides a module of its own or runs any."""
    folders = [path, *glob.glob(os.path.join(glob.escape(path), "virtualenv/lib/python*/site-packages"))]
    brought = {entry.partition(".")[0] for folder in folders for entry in os.listdir(folder)}
    if "urllib3" not in brought or brought & getattr(sys, "stdlib_module_names", brought):
        return
    for name in AHEAD:
        if select.select([requests], [], [], 0)[0]:
            return
        with contextlib.suppress(ImportError):  # of a Python that is without it
            importlib.import_module(name)
    gc.freeze()  # none of it is ever garbage


def activate_virtualenv(path):
    """Activates `virtualenv/` of an unpacked zip, as the OpenWhisk runtime wants it."""
    folder = os.path.join(path, "virtualenv")
    if not os.path.isdir(folder):
        return
    for script in ("bin/activate_this.py", "Scripts/activate_this.py"):
        file = os.path.join(folder, script)
        if os.path.exists(file):
            with open(file, encoding="utf-8") as source:
                exec(compile(source.read(), file, "exec"), {"__file__": file})
            return
    raise CompileError("Invalid virtualenv. Zip file does not include 'activate_this.py'.")


def parse(source, file):
    try:
        ast.parse(source, file)
    except SyntaxError as error:
        raise CompileError("%s (%s, line %s)" % (error.msg, os.path.basename(file), error.lineno)) from None
    except ValueError as error:  # a NUL in the source
        raise CompileError(str(error)) from None


class ActionFinder(importlib.abc.MetaPathFinder):
    """Finds the module of the action: `main__.py` of source text, `__main__.py` (or a lone `exec`) of an unpacked zip.

    It is a module like any other, with a file, so that what its functions are pickled for can import it: a process of
    `multiprocessing`, started by spawn, gets sys.argv, whose first word names the action's folder as in OpenWhisk.
    """

    @staticmethod
    def find_file_in(folder):
        for name in ("exec", "__main__.py", MODULE + ".py"):
            file = os.path.join(folder, name)
            if os.path.isfile(file):
                return file
        return None

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name != MODULE:
            return None
        file = cls.find_file_in(os.path.dirname(sys.argv[0]))
        if file is None:
            return None
        # The source loader takes a precompiled file from __pycache__ when there is one.
        loader = importlib.machinery.SourceFileLoader(MODULE, file)
        return importlib.util.spec_from_file_location(MODULE, file, loader=loader)


def place_source(source, path):
    """Gives source text a file in memory, since the folder of the action is read-only and empty, and /tmp is the action's."""
    parse(source, "__main__.py")
    folder = path if os.access(path, os.W_OK) else os.path.join(os.environ.get("TMPDIR", "/dev/shm"), "action")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, MODULE + ".py"), "w", encoding="utf-8", newline="") as file:
        file.write(source)
    return folder


def check_folder(path):
    """Whether an unpacked zip has what it takes; activates its virtualenv."""
    file = ActionFinder.find_file_in(path)
    if file is None:
        raise CompileError("Zip file does not include __main__.py at its root.")
    with open(file, "rb") as source:
        parse(source.read(), file)
    activate_virtualenv(path)


def initialize(value):
    for key, entry in (value.get("env") or {}).items():
        os.environ[key] = entry if isinstance(entry, str) else json.dumps(entry)
    folder = value["path"]
    os.chdir(folder)
    if "code" in value:
        folder = place_source(value["code"], folder)
    else:
        check_folder(folder)
    sys.argv[:] = [os.path.join(folder, "exec__.py")]
    sys.path.insert(0, folder)
    module = importlib.import_module(MODULE)
    name = value.get("main") or "main"
    if not hasattr(module, name):
        raise ImportError("cannot import name '%s' from '%s'" % (name, "__main__.py"))
    return getattr(module, name)


def read_plain(value):
    """The bytes of a long text that stands in JSON as it is, such as base64; None for anything else."""
    if type(value) is not str or len(value) < LONG or not value.isascii():
        return None
    content = value.encode("ascii")
    return None if content.translate(None, PLAIN) else content


def encode(result):
    """The JSON of a result, in UTF-8. One that is no JSON ends the process, as it does in OpenWhisk: "command exited"."""
    if type(result) is dict and any(type(value) is str and len(value) >= LONG for value in result.values()):
        return b"{" + b", ".join(encode_item(key, value) for key, value in result.items()) + b"}"
    return encode_any(result)


def encode_item(key, value):
    # The encoder looks at each character of a text, which takes longer than all else about a picture.
    content = read_plain(value) if type(key) is str else None
    return encode_any({key: value})[1:-1] if content is None else encode_any(key) + b': "' + content + b'"'


def encode_any(value):
    # In ASCII first, which takes a quarter of the time: without escapes it is the same text.
    answer = json.dumps(value)
    if "\\u" not in answer:
        return answer.encode("ascii")
    try:
        return json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate
        return answer.encode("ascii")


def main():
    requests = os.fdopen(take_private(0), "rb", buffering=1 << 18)
    nothing = os.open(os.devnull, os.O_RDONLY)
    if nothing != 0:
        os.dup2(nothing, 0)
        os.close(nothing)
    os.set_inheritable(0, True)  # an action and its children read nothing, and certainly not the requests
    answers = take_private(3)
    ends = (os.dup(1), os.dup(2))
    os.closerange(max(requests.fileno(), answers, *ends) + 1, os.sysconf("SC_OPEN_MAX"))  # nothing of the host's

    # Line by line, so that what an action said is known even if it is killed, and stays in order with its children.
    sys.stdout.reconfigure(line_buffering=True)

    def send(answer):
        view = memoryview(answer + b"\n")
        while view:
            view = view[os.write(answers, view) :]

    def finish(answer):
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except (OSError, ValueError):
            pass  # the action closed its own stream
        # The answer last: the platform then wakes once and finds all three, rather than once more for the ends.
        for end in ends:
            os.write(end, END)
        send(answer)

    if os.path.isdir(PACKAGES):
        sys.path.append(PACKAGES)  # behind what the system has and what the action brings

    load_ahead(requests, os.getcwd())
    line = requests.readline()
    if not line:
        return
    try:
        function = initialize(json.loads(line)["value"])
    except CompileError as error:
        print(error, file=sys.stderr)
        finish(json.dumps({"ok": False, "error": COMPILE_FAILED}).encode())
        return
    except BaseException as error:
        traceback.print_exc()
        print("Command exited abruptly during initialization.", file=sys.stderr)
        finish(json.dumps({"ok": False, "error": START_FAILED + explain_missing_package(error)}).encode())
        return
    send(b'{"ok":true}')

    environment = os.environ
    while True:
        line = requests.readline()
        if not line:
            return
        request = json.loads(line)
        payload = request.pop("value", {})
        for key, value in request.items():
            environment["__OW_" + key.upper()] = value
        try:
            result = function(payload)
        except Exception as error:
            print(traceback.format_exc(), file=sys.stderr)
            result = {"error": str(error) + explain_missing_package(error)}
        finish(encode(result))


sys.meta_path.insert(0, ActionFinder)
# A process that an action starts by spawn runs this file under another name, for the finder alone.
if __name__ == "__main__":
    main()
