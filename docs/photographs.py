"""Measures how JPEGs fare: by PDFMagic (default and original), bare `convert`, and img2pdf. Makes the table of photographs.md.

    python docs/photographs.py FOLDER...      needs Pillow, numpy, img2pdf, delegator.py; pdfimages and djpeg

Of each JPEG in the folders: the picture in the PDF beside the one in the file (PSNR, dB), the size of the PDF beside that
of the file, the time. Nothing of it is kept.
"""

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import img2pdf
import numpy as np
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "actions"))

from pdfmagic import conversion  # noqa: E402
from pdfmagic.errors import ActionError  # noqa: E402
from pdfmagic.jpeg import read_jpeg  # noqa: E402
from pdfmagic.marks import Colours, read_marks  # noqa: E402
from pdfmagic.options import Options  # noqa: E402

Image.MAX_IMAGE_PIXELS = None
conversion.RESULT_LIMIT = 1 << 40
SAME = 99.0


def find_kind(data):
    try:
        jpeg = read_jpeg(data)
    except ActionError as error:
        return f"refused: {error.problem.code}"
    colours = read_marks(jpeg).colours
    if jpeg.frame.is_arithmetic:
        return "arithmetic coding"
    tables = len({component.table for component in jpeg.frame.components})
    named = {Colours.YCC: f"YCbCr, {tables} table{'s' * (tables > 1)}"}
    return named.get(colours, colours.value)


def convert_bare(data, folder):
    Path(folder, "in.jpg").write_bytes(data)
    arguments = ["/usr/bin/convert", f"jpeg:{folder}/in.jpg", f"pdf:{folder}/out.pdf"]
    done = subprocess.run(arguments, capture_output=True, check=False)
    if done.returncode or b"remature" in done.stderr:
        raise ValueError("refused or broken")
    return Path(folder, "out.pdf").read_bytes()


WAYS = {
    "default": lambda data, _: conversion.convert_jpeg(data, Options()).pdf,
    "original": lambda data, _: conversion.convert_jpeg(data, Options("original")).pdf,
    "convert": convert_bare,
    "img2pdf": lambda data, _: img2pdf.convert(data, rotation=img2pdf.Rotation.ifvalid),
}


def decode(data):
    try:
        image = Image.open(io.BytesIO(data))
        image.load()
    except OSError:
        image = Image.open(io.BytesIO(subprocess.run(["djpeg"], input=data, capture_output=True, check=True).stdout))
    return image if image.mode in ("CMYK", "L") else image.convert("RGB")


def measure_loss(data, pdf, folder):
    Path(folder, "p.pdf").write_bytes(pdf)
    subprocess.run(["pdfimages", "-all", f"{folder}/p.pdf", f"{folder}/i"], check=True)
    found = sorted(Path(folder).glob("i-000.*"))
    one, other = decode(data), Image.open(found[0]) if found[0].suffix != ".jpg" else decode(found[0].read_bytes())
    if one.mode != other.mode:
        one, other = one.convert("RGB"), other.convert("RGB")
    if one.size != other.size:
        return 0.0
    mean = np.mean((np.asarray(one, float) - np.asarray(other, float)) ** 2)
    return SAME if mean == 0 else 10 * np.log10(65025 / mean)


def main(folders):
    found = defaultdict(lambda: defaultdict(list))
    files = sorted(file for folder in folders for file in Path(folder).rglob("*.[jJ][pP]*[gG]"))
    for file in files:
        data = file.read_bytes()
        kind = find_kind(data)
        for way, make in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                began = time.perf_counter()
                try:
                    pdf = make(data, folder)
                except Exception as error:
                    found[kind][way].append(None)
                    if os.environ.get("VERBOSE"):
                        print(file, way, error, file=sys.stderr)
                    continue
                took = time.perf_counter() - began
                try:
                    loss = measure_loss(data, pdf, folder)
                except Exception:
                    loss = None
                found[kind][way].append((loss, len(pdf) / len(data), took))
                if os.environ.get("VERBOSE"):
                    print(file, kind, way, loss, f"{len(pdf) / len(data):.2f} {took:.3f}", file=sys.stderr)
    for kind, ways in sorted(found.items(), key=lambda item: -len(item[1]["default"])):
        for way, results in ways.items():
            made = [result for result in results if result]
            losses = [loss for loss, _, _ in made if loss is not None]
            row = [kind, str(len(results)), way, str(len(made))]
            if made:
                least = f"{min(losses):.1f}" if losses and min(losses) < SAME else "same" if losses else "-"
                middle = f"{statistics.median(losses):.1f}" if losses and statistics.median(losses) < SAME else "same"
                ratio, most = (function(ratio for _, ratio, _ in made) for function in (statistics.median, max))
                row += [least, middle, f"{ratio:.2f}", f"{most:.2f}", f"{1000 * statistics.median(t for _, _, t in made):.1f}"]
            print("| " + " | ".join(row) + " |")


main(sys.argv[1:])
