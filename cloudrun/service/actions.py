"""The actions v1 and v2, loaded from their own files: what runs here is what runs on OpenWhisk."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any, Callable

Main = Callable[[dict[str, Any]], dict[str, Any]]

_ACTIONS = Path(__file__).resolve().parents[2] / "actions"
# In an action's zip `pdfmagic/` lies beside the action's own modules; v1 has none, so v2's are in nobody's way.
sys.path[:0] = [str(_ACTIONS), str(_ACTIONS / "v2")]


def _load(name: str) -> Main:
    file = _ACTIONS / name / "__main__.py"
    spec = importlib.util.spec_from_file_location(f"{name}_main", file)
    if spec is None or spec.loader is None:
        raise ImportError(f"There is no action in {file}.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.main


#: `main(args)` of each action.
v1: Main = _load("v1")
v2: Main = _load("v2")
