"""Runs `dvc init` and `dvc repro` in folders named on standard input, one JSON request a line; answers one JSON line each.

One process for all cases: starting DVC anew for each would take most of the time.
"""

import json
import logging
import os

from dvc.exceptions import DvcException
from dvc.repo import Repo


def answer(request):
    os.chdir(request["folder"])
    os.environ["RAN"] = request["ran"]
    os.environ["SHELL"] = "/bin/sh"
    if request["do"] == "init":
        Repo.init(no_scm=True).close()
        return {"ok": True}
    try:
        with Repo() as repo:
            repo.reproduce()
        return {"ok": True}
    except DvcException as error:
        cause = error.__cause__
        return {"ok": False, "why": f"{error}: {cause}"}


def main():
    logging.getLogger("dvc").setLevel(logging.CRITICAL)
    # What stages and DVC print goes to standard error, so that standard output has answers alone.
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    # And so that no stage reads requests.
    requests = os.fdopen(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for line in requests:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()


main()
