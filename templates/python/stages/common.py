"""What every stage needs: its parameters, and an end without a stack trace when the input is wrong."""
import json
import os
import sys
from pathlib import Path


def params(*groups):
    """The groups of params.yaml, as mlp hands them over, or from the file when a stage is run by hand."""
    given = os.environ.get("MLP_PARAMS_FILE")
    if given is None:
        import yaml

        values = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    else:
        values = json.loads(Path(given).read_text(encoding="utf-8"))
    missing = [group for group in groups if group not in values]
    if missing:
        stop(f"params.yaml has no group {missing[0]}")
    return values[groups[0]] if len(groups) == 1 else tuple(values[group] for group in groups)


def stop(problem, next_step="mend it, then mlp repro"):
    """Ends the stage as failed, with one line on what is wrong and one on what to do."""
    sys.exit(f"error: {problem}\n  next: {next_step}")


def write_json(path, value):
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
