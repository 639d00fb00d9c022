"""What scikit-learn makes of the columns of a table: JSON on standard input and output.

In: {"train": {"numbers": {name: [number or null]}, "categories": {name: [text]}}, "asked": the same of other rows,
"cases": [{"scaling", "impute", "addIndicator", "encoding", "minFrequency"}]}. Out, of each case: {"train": dense rows, "asked": dense rows}.
"""
import json
import sys
import warnings

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, OneHotEncoder, OrdinalEncoder, RobustScaler, StandardScaler

warnings.simplefilter("ignore")
question = json.load(sys.stdin)
SCALERS = {"standard": StandardScaler, "minmax": MinMaxScaler, "maxabs": MaxAbsScaler, "robust": RobustScaler}


def table(part):
    numbers = [np.array([np.nan if v is None else v for v in column], float) for column in part["numbers"].values()]
    categories = [np.array(column, object) for column in part["categories"].values()]
    return np.column_stack([column.astype(object) for column in numbers] + categories)


def imputer(how):
    return SimpleImputer(strategy="constant", fill_value=0.0) if how == "zero" else SimpleImputer(strategy=how)


def encoder(case):
    least = case["minFrequency"]
    least = None if least == 1 else int(least) if least > 1 else least
    if case["encoding"] == "one_hot":
        return OneHotEncoder(handle_unknown="ignore", min_frequency=least, sparse_output=False)
    return OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1, min_frequency=least)


def transformer(case, numbers, categories):
    steps = [imputer(case["impute"])] + ([] if case["scaling"] == "none" else [SCALERS[case["scaling"]]()])
    parts = [("numbers", make_pipeline(*steps), numbers)]
    if case["addIndicator"]:
        parts.append(("missing", MissingIndicator(features="missing-only", error_on_new=False), numbers))
    parts += [(f"category {at}", encoder(case), [at]) for at in categories]
    return ColumnTransformer(parts, sparse_threshold=0)


train, asked = table(question["train"]), table(question["asked"])
numbers = list(range(len(question["train"]["numbers"])))
categories = list(range(len(numbers), train.shape[1]))


def floats(matrix):
    copied = matrix.copy()
    copied[:, numbers] = copied[:, numbers].astype(float)
    return copied


answers = []
for case in question["cases"]:
    fitted = transformer(case, numbers, categories).fit(floats(train))
    rows = {name: np.asarray(fitted.transform(floats(part)), float).tolist() for name, part in (("train", train), ("asked", asked))}
    answers.append(rows)
json.dump(answers, sys.stdout)
