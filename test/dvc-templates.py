"""Reads {name: {file: text}} from stdin; prints what DVC makes of each dvc.yaml: its stages, or why it refuses."""

import json
import os
import sys
import tempfile

from dvc.fs import LocalFileSystem
from dvc.parsing import DataResolver
from dvc.schema import COMPILED_MULTI_STAGE_SCHEMA
from dvc.utils.serialize import load_yaml


class Project:
    fs = LocalFileSystem()
    config = {}


def stages_of(files):
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, text in files.items():
            os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        try:
            definition = COMPILED_MULTI_STAGE_SCHEMA(load_yaml("dvc.yaml"))
            return {"stages": list(DataResolver(Project(), "", definition).resolve()["stages"].items())}
        except Exception as error:
            return {"refused": f"{type(error).__name__}: {error}"}
        finally:
            os.chdir("/")


cases = json.load(sys.stdin)
print(json.dumps({name: stages_of(files) for name, files in cases.items()}))
