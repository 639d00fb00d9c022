"""LightGBM on as many seeded data sets as the first argument says: the first iteration's trees and, of as many as the second
says, what a hundred iterations predict; a line of JSON each."""

import json
import sys

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp


def data_set(seed):
    random = np.random.default_rng(seed)
    rows, columns, classes = int(random.integers(200, 900)), int(random.integers(5, 60)), int(random.integers(3, 5))
    kind = ["binary", "counts", "real", "dense"][seed % 4]
    if kind == "dense":
        x = random.normal(size=(rows, columns)).round(3)
    else:
        x = (random.random((rows, columns)) < random.uniform(0.02, 0.5, columns)).astype(float)
        if kind == "counts":
            x *= random.integers(1, 6, x.shape)
        if kind == "real":
            x *= random.gamma(2.0, 1.0, x.shape).round(4)
    weights = random.normal(size=(columns, classes))
    y = np.argmax(x @ weights + random.gumbel(size=(rows, classes)), axis=1)
    return kind, sp.csr_matrix(x), y, classes


def tree_of(structure):
    if "leaf_index" in structure or "leaf_value" in structure:
        return {"value": structure["leaf_value"]}
    return {
        "column": structure["split_feature"],
        "threshold": structure["threshold"],
        "gain": structure["split_gain"],
        "left": tree_of(structure["left_child"]),
        "right": tree_of(structure["right_child"]),
    }


if __name__ == "__main__":
    for seed in range(int(sys.argv[1])):
        kind, x, y, classes = data_set(seed)
        random = np.random.default_rng(1000 + seed)
        params = {
            "objective": "multiclass",
            "num_class": classes,
            "num_leaves": int(random.integers(4, 32)),
            "max_depth": int(random.choice([-1, 3, 6])),
            "min_data_in_leaf": int(random.integers(1, 25)),
            "lambda_l1": float(random.choice([0, 0.3])),
            "lambda_l2": float(random.choice([0, 0.1, 2.0])),
            "min_gain_to_split": float(random.choice([0, 0.05])),
            "max_bin": int(random.choice([255, 63, 15])),
            "learning_rate": 0.1,
        }
        fixed = {"num_threads": 1, "deterministic": True, "force_row_wise": True, "verbose": -1, "enable_bundle": False}
        data = lgb.Dataset(x, y, params={**params, **fixed}, free_raw_data=False)
        one = lgb.train({**params, **fixed}, data, 1)
        hundred = lgb.train({**params, **fixed}, data, 100) if seed < int(sys.argv[2]) else one
        first = [tree_of(tree["tree_structure"]) for tree in one.dump_model()["tree_info"]]
        parts = {name: getattr(x, name).tolist() for name in ("indptr", "indices", "data")}
        print(
            json.dumps(
                {
                    "seed": seed,
                    "kind": kind,
                    "params": params,
                    "x": {"rows": x.shape[0], "columns": x.shape[1], **parts},
                    "y": y.tolist(),
                    "first": first,
                    "predictions": hundred.predict(x).ravel().tolist(),
                }
            )
        )
