"""LightGBM on seeded data sets, of the kind that the first argument names and as many as the second says: the first iteration's trees and what they predict,
and what a hundred iterations predict; a line of JSON each, in which null is NaN."""

import json
import sys

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp
from boosting import tree_of


def missing(seed):
    random = np.random.default_rng(900 + seed)
    rows, columns = int(random.integers(300, 900)), int(random.integers(4, 20))
    x = random.normal(size=(rows, columns)).round(2)
    if seed % 2:
        x *= random.random((rows, columns)) < 0.5
    if seed % 4 == 1:
        x = np.abs(x)
    signal = x[:, 0] + np.abs(x[:, 1]) + random.normal(size=rows) * 0.5
    # Values are missing by chance in some columns, and where they are large in others; one column has none, and one nothing else but zeros.
    x[random.random((rows, columns)) < random.uniform(0, 0.4, columns) * (np.arange(columns) < columns - 1)] = np.nan
    x[:, 2][x[:, 2] > 0.8] = np.nan
    x[:, 3] = np.where(random.random(rows) < 0.3, np.nan, 0)
    signal += np.isnan(x[:, 0]) * random.normal() + np.isnan(x[:, 2]) * 2 + np.isnan(x[:, 3])
    return random, x, signal, {}


def joined(seed):
    """Dense real columns beside sparse binary ones."""
    random = np.random.default_rng(700 + seed)
    rows = int(random.integers(300, 900))
    dense = random.normal(size=(rows, 6)).round(3)
    sparse = (random.random((rows, 80)) < random.uniform(0.01, 0.2, 80)).astype(float)
    signal = dense[:, 0] + np.abs(dense[:, 1]) + sparse @ random.normal(size=80) + random.normal(size=rows) * 0.5
    return random, np.hstack([dense[:, :3], sparse, dense[:, 3:]]), signal, {}


def categories(seed):
    """Columns of few and of many categories, some of them missing or negative, beside one of numbers."""
    random = np.random.default_rng(800 + seed)
    rows = int(random.integers(1500, 3000))
    sizes = [3, 12, 60, 4, 300]
    x = np.column_stack([np.floor(size * random.random(rows) ** random.uniform(1, 3)) for size in sizes])
    effects = [random.normal(size=size) for size in sizes]
    signal = sum(effect[x[:, c].astype(int)] for c, effect in enumerate(effects)) + random.normal(size=rows) * 0.5
    x[:, 3] += seed % 3
    x[:, 1][random.random(rows) < 0.1] = np.nan
    x[:, 3][random.random(rows) < 0.1 * (seed % 2)] = -1
    number = random.normal(size=rows).round(2)
    params = {
        "categorical_feature": [0, 1, 2, 3, 4],
        "max_cat_to_onehot": int(random.choice([1, 4, 20])),
        "max_cat_threshold": int(random.choice([32, 5])),
        "cat_smooth": float(random.choice([10, 1, 3])),
        "cat_l2": float(random.choice([10, 1])),
        "min_data_per_group": int(random.choice([100, 10, 40])),
    }
    return random, np.column_stack([x, number]), signal + np.abs(number), params


def target(objective, random, signal):
    if objective == "binary":
        return (signal > np.median(signal)).astype(float)
    if objective == "multiclass":
        return np.digitize(signal + random.normal(size=signal.shape), np.quantile(signal, [0.3, 0.7])).astype(float)
    # LightGBM keeps them in float32.
    return signal.astype(np.float32).astype(float)


if __name__ == "__main__":
    for seed in range(int(sys.argv[2])):
        random, x, signal, added = {"missing": missing, "joined": joined, "categories": categories}[sys.argv[1]](seed)
        objective = ["regression", "binary", "multiclass"][seed % 3]
        y = target(objective, random, signal)
        params = {
            "objective": objective,
            "num_class": 3 if objective == "multiclass" else 1,
            "num_leaves": int(random.integers(4, 32)),
            "min_data_in_leaf": int(random.integers(1, 25)),
            "lambda_l1": float(random.choice([0, 0.3])),
            "lambda_l2": float(random.choice([0, 0.1, 2.0])),
            "max_bin": int(random.choice([255, 63, 15])),
            "use_missing": seed % 6 != 5 or sys.argv[1] == "categories",
            **added,
        }
        # Without weights, leaves of as many rows of each class gain the same, and rounding decides which is split.
        weights = None if objective == "regression" else random.uniform(0.2, 2.2, x.shape[0]).astype(np.float32)
        fixed = {"num_threads": 1, "deterministic": True, "force_row_wise": True, "verbose": -1, "enable_bundle": False}
        chosen = {name: value for name, value in {**params, **fixed}.items() if name != "categorical_feature"}
        sets = params.get("categorical_feature", "auto")
        data = lgb.Dataset(x, y, weight=weights, params=chosen, categorical_feature=sets, free_raw_data=False)
        one = lgb.train(chosen, data, 1)
        hundred = lgb.train(chosen, data, 100)
        matrix = sp.csr_matrix(x)
        values = [None if np.isnan(value) else value for value in matrix.data]
        parts = {"indptr": matrix.indptr.tolist(), "indices": matrix.indices.tolist(), "data": values}
        answer = {
            "seed": seed,
            "params": params,
            "x": {"rows": x.shape[0], "columns": x.shape[1], **parts},
            "y": y.tolist(),
            "weights": None if weights is None else weights.tolist(),
            "first": [tree_of(tree["tree_structure"]) for tree in one.dump_model()["tree_info"]],
            "firstPredictions": one.predict(x).ravel().tolist(),
            "predictions": hundred.predict(x).ravel().tolist(),
        }
        print(json.dumps(answer))
