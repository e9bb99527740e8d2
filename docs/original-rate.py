"""Compares the rates of warm v1 with quality=original and of bare `convert`, of the same file, in turns.

    python3 docs/original-rate.py URL-OF-V1 FILE.jpg [SECONDS]

Two of each run at a time. A file above the 750 kB of a request is not sent: there the action's own function is measured, as
v2 calls it (this needs delegator.py).
"""

import http.client
import io
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from pathlib import Path

url, file = urllib.parse.urlparse(sys.argv[1]), Path(sys.argv[2])
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 5.0
data = file.read_bytes()
REQUEST = 750_000
AT_A_TIME = 2

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "actions"))


def call_v1():
    connection = http.client.HTTPConnection(url.hostname, url.port)

    def call():
        connection.request("POST", f"{url.path}?quality=original", data, {"Content-Type": "image/jpeg"})
        answer = connection.getresponse()
        if answer.status != 200 or answer.read()[:5] != b"%PDF-":
            sys.exit(f"{answer.status}")

    return call


def call_function():
    from pdfmagic.conversion import add_photograph
    from pdfmagic.options import Options
    from pdfmagic.pdf import PdfWriter

    def call():
        with tempfile.TemporaryFile() as target:
            pdf = PdfWriter(target)
            add_photograph(pdf, file.read_bytes(), Options("original"))
            pdf.finish()

    return call


def call_convert():
    folder = tempfile.mkdtemp()
    return lambda: subprocess.run(["/usr/bin/convert", f"jpeg:{file}", f"pdf:{folder}/p.pdf"], check=True)


def measure(make):
    """Calls a second."""
    counts = []

    def work():
        call = make()
        call()
        count, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            call()
            count += 1
        counts.append(count / (time.perf_counter() - began))

    threads = [threading.Thread(target=work) for _ in range(AT_A_TIME)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts)


name, ours = ("v1", call_v1) if len(data) <= REQUEST else ("function", call_function)
for turn in range(3):
    original, bare = measure(ours), measure(call_convert)
    print(f"{len(data)} bytes, turn {turn + 1}: {name} {original:.1f}/s, convert {bare:.1f}/s, {original / bare:.1f} times")
