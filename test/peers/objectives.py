"""LightGBM's objectives of one score a row, each on as many seeded data sets as the first argument says: the first iteration's tree and,
of as many as the second says, the model of a hundred iterations and what it predicts; a line of JSON each. The others name the objectives."""

import json
import sys

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp
from boosting import tree_of


def rows_of(random, seed):
    rows, columns = int(random.integers(200, 900)), int(random.integers(5, 40))
    kind = ["binary", "counts", "real", "dense"][seed % 4]
    if kind == "dense":
        x = random.normal(size=(rows, columns)).round(3)
    else:
        x = (random.random((rows, columns)) < random.uniform(0.02, 0.5, columns)).astype(float)
        if kind == "counts":
            x *= random.integers(1, 6, x.shape)
        if kind == "real":
            x *= random.gamma(2.0, 1.0, x.shape).round(4)
    return kind, x


def target(objective, random, signal):
    if objective == "binary":
        return (signal + random.logistic(size=signal.shape) > 0).astype(float)
    if objective == "poisson":
        return random.poisson(np.exp(np.clip(signal, -2, 3))).astype(float)
    # LightGBM keeps them in float32.
    return (signal + random.standard_t(3, size=signal.shape)).astype(np.float32).astype(float)


if __name__ == "__main__":
    for objective in sys.argv[3:]:
        for seed in range(int(sys.argv[1])):
            random = np.random.default_rng(500 + seed)
            kind, x = rows_of(random, seed)
            signal = (x - x.mean(axis=0)) @ random.normal(size=x.shape[1]) / np.sqrt(x.shape[1])
            y = target(objective, random, signal)
            is_percentile = objective in ("regression_l1", "quantile")
            weights = None if is_percentile or seed % 3 else random.uniform(0.2, 2.2, x.shape[0]).astype(np.float32)
            params = {
                "objective": objective,
                "num_leaves": int(random.integers(4, 32)),
                "max_depth": int(random.choice([-1, 3, 6])),
                "min_data_in_leaf": int(random.integers(1, 25)),
                "lambda_l1": float(random.choice([0, 0.3])),
                "lambda_l2": float(random.choice([0, 0.1, 2.0])),
                "min_gain_to_split": float(random.choice([0, 0.05])),
                "max_bin": int(random.choice([255, 63, 15])),
                "alpha": float(random.choice([0.1, 0.5, 0.9])),
                "poisson_max_delta_step": float(random.choice([0.7, 0.3])),
                "boost_from_average": bool(seed % 5),
                "learning_rate": 0.1,
            }
            fixed = {"num_threads": 1, "deterministic": True, "force_row_wise": True, "verbose": -1, "enable_bundle": False}
            matrix = sp.csr_matrix(x)
            data = lgb.Dataset(matrix, y, weight=weights, params={**params, **fixed}, free_raw_data=False)
            one = lgb.train({**params, **fixed}, data, 1)
            hundred = lgb.train({**params, **fixed}, data, 100) if seed < int(sys.argv[2]) else one
            parts = {name: getattr(matrix, name).tolist() for name in ("indptr", "indices", "data")}
            answer = {
                "objective": objective,
                "seed": seed,
                "kind": kind,
                "params": params,
                "x": {"rows": x.shape[0], "columns": x.shape[1], **parts},
                "y": y.tolist(),
                "weights": None if weights is None else weights.tolist(),
                "first": [tree_of(tree["tree_structure"]) for tree in one.dump_model()["tree_info"]],
                "model": hundred.model_to_string(),
                "predictions": hundred.predict(matrix).tolist(),
            }
            print(json.dumps(answer))
