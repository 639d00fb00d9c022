"""Reads {name: {file, text}} from stdin; prints the values that DVC reads from each, or why it refuses."""

import json
import math
import os
import sys
import tempfile

from dvc.utils.serialize import LOADERS


def plain(value):
    if isinstance(value, dict):
        return {str(key): plain(member) for key, member in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(member) for member in value]
    if isinstance(value, set):
        return sorted((plain(member) for member in value), key=json.dumps)
    if isinstance(value, float) and not math.isfinite(value):
        return f"float {value}"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 2**53:
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.isoformat()


def values_of(case):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, case["file"])
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(case["text"])
        try:
            return {"values": plain(LOADERS[os.path.splitext(path)[1]](path))}
        except Exception as error:
            return {"refused": f"{type(error).__name__}: {error}"}


cases = json.load(sys.stdin)
print(json.dumps({name: values_of(case) for name, case in cases.items()}))
