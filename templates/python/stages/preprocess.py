"""Labelled CSV -> artifacts/split/train.csv and test.csv: checked, without blank and repeated rows, raw text."""
from pathlib import Path

import pandas as pd
from common import params, stop
from sklearn.model_selection import train_test_split


def read(data):
    try:
        # Only an empty field is missing: "null" and "None" are words that people write.
        rows = pd.read_csv(data["path"], dtype=str, keep_default_na=False)
    except (OSError, ValueError) as problem:
        stop(f"{data['path']} cannot be read: {' '.join(str(problem).split())}", "check data.path in params.yaml, and the row it names")
    for name in ("text_column", "label_column"):
        if data[name] not in rows.columns:
            stop(f"{data['path']} has no column \"{data[name]}\"; its columns are {', '.join(rows.columns)}", f"set data.{name} in params.yaml")
    rows = pd.DataFrame({"text": rows[data["text_column"]], "label": rows[data["label_column"]].str.strip()})
    return rows[(rows.text.str.strip() != "") & (rows.label != "")]


def rename(rows, data):
    labels = data.get("labels")
    if labels is None:
        return rows
    names = {str(k): str(v) for k, v in labels.items()} if isinstance(labels, dict) else {str(v): str(v) for v in labels}
    unknown = rows[~rows.label.isin(names)]
    if len(unknown) > 0:
        # The header is row 1, and pandas counts from 0.
        stop(f"{data['path']} row {unknown.index[0] + 2}: label \"{unknown.label.iloc[0]}\" is not among data.labels ({', '.join(names)})",
             "mend the row, or name the label under data.labels in params.yaml")
    return rows.assign(label=rows.label.map(names))


def main():
    data, options = params("data", "preprocess")
    rows = rename(read(data), data)
    if options["drop_repeated"]:
        rows = rows.drop_duplicates()
    counts = rows.label.value_counts()
    if len(counts) < 2:
        stop(f"{data['path']}: a classifier needs at least two labels, here is {', '.join(counts.index) or 'none'}")
    if counts.min() < 2:
        stop(f"{data['path']}: label \"{counts.idxmin()}\" has 1 row, 2 are needed")
    train, test = train_test_split(rows, test_size=options["test_size"], random_state=options["seed"], stratify=rows.label)
    out = Path("artifacts/split")
    out.mkdir(parents=True, exist_ok=True)
    train.to_csv(out / "train.csv", index=False)
    test.to_csv(out / "test.csv", index=False)
    print(f"{len(rows)} rows: {len(train)} to train, {len(test)} to test: {', '.join(sorted(counts.index))}")


main()
