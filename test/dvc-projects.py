"""Reads {name: {file: text}} from stdin; prints what DVC makes of each project: its stages and edges, or why it refuses."""

import json
import os
import sys
import tempfile

from dvc.repo import Repo


def params_of(stage):
    return {
        os.path.relpath(dep.fs_path): sorted(dep.params) or "all"
        for dep in stage.deps
        if type(dep).__name__ == "ParamsDependency"
    }


def kind_of(out):
    return "metric" if out.metric else "plot" if out.plot else "out"


def stage_of(stage):
    return {
        "cmd": stage.cmd,
        "wdir": os.path.relpath(stage.wdir),
        "deps": sorted(
            os.path.relpath(dep.fs_path) for dep in stage.deps if type(dep).__name__ != "ParamsDependency"
        ),
        "params": params_of(stage),
        "outs": sorted(
            [os.path.relpath(out.fs_path), kind_of(out), bool(out.use_cache), bool(out.persist)] for out in stage.outs
        ),
        "frozen": bool(stage.frozen),
        "alwaysChanged": bool(stage.always_changed),
    }


def project_of(files):
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        os.chdir(folder)
        try:
            os.makedirs(".dvc/tmp")
            with open(".dvc/config", "w", encoding="utf-8") as config:
                config.write("[core]\n    no_scm = True\n")
            for name, text in files.items():
                os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
                with open(name, "w", encoding="utf-8") as file:
                    file.write(text)
            with Repo() as repo:
                repo.index.check_graph()
                stages = {stage.addressing: stage_of(stage) for stage in repo.index.stages}
                edges = sorted([up.addressing, down.addressing] for down, up in repo.index.graph.edges)
                return {"stages": stages, "edges": edges}
        except Exception as error:
            return {"refused": f"{type(error).__name__}: {error}"}
        finally:
            os.chdir("/")


cases = json.load(sys.stdin)
print(json.dumps({name: project_of(files) for name, files in cases.items()}))
