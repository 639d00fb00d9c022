"""Models of LightGBM and XGBoost with what they predict, as JSON on standard output: `tree_models.py SEED ROWS ITERATIONS`."""
import base64
import json
import sys
import zlib

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp
import xgboost as xgb

seed, rows, iterations = (int(word) for word in sys.argv[1:4])
rng = np.random.default_rng(seed)
columns = 12


def sparse(kind):
    x = sp.random(rows, columns, 0.4, random_state=seed, format="csr")
    x.data = np.round(x.data - 0.3, 3) if kind == "signed" else x.data
    return x


def labels(x, classes):
    score = x.toarray()[:, :classes] * 2 + rng.normal(0, 0.3, (rows, classes))
    y = np.argmax(score, axis=1)
    y[:classes] = np.arange(classes)
    return y


def answer(name, library, model, x, expected, classes):
    x = sp.csr_matrix(x)
    return {
        "name": name,
        "library": library,
        "model": base64.b64encode(zlib.compress(model, 9)).decode(),
        "columns": int(x.shape[1]),
        "indptr": x.indptr.tolist(),
        "indices": x.indices.tolist(),
        # JSON has no NaN.
        "values": [None if np.isnan(v) else float(v) for v in x.data],
        "classes": classes,
        "probabilities": np.asarray(expected, dtype=float).reshape(-1).tolist(),
    }


def lightgbm_case(name, params, classes=3, dense=None, categorical="auto"):
    x = sparse("signed")
    y = labels(x, classes)
    if dense is not None:
        x = dense(x)
    base = {"verbosity": -1, "num_threads": 1, "min_data_in_leaf": 5, "num_leaves": 7, "seed": seed}
    own = {"objective": "binary"} if classes == 2 else {"objective": "multiclass", "num_class": classes}
    data = lgb.Dataset(x, y, categorical_feature=categorical)
    booster = lgb.train({**base, **own, **params}, data, iterations)
    found = booster.predict(x)
    expected = found if found.ndim == 2 else np.column_stack([1 - found, found])
    return answer(name, "lightgbm", booster.model_to_string().encode(), x, expected, classes)


def xgboost_case(name, params, classes=3, form="json"):
    x = sparse("signed")
    y = labels(x, classes)
    own = {"objective": "binary:logistic"} if classes == 2 else {"objective": "multi:softprob", "num_class": classes}
    base = {"nthread": 1, "max_depth": 4, "seed": seed}
    booster = xgb.train({**base, **own, **params}, xgb.DMatrix(x, y), iterations)
    found = booster.predict(xgb.DMatrix(x))
    if params.get("objective") == "multi:softmax":
        found = np.eye(classes)[found.astype(int)]
    expected = found if found.ndim == 2 else np.column_stack([1 - found, found])
    return answer(name, "xgboost", bytes(booster.save_raw(raw_format=form)), x, expected, classes)


def with_nan(x):
    x = np.asarray(x.todense())
    x[::5, 1] = np.nan
    x[1::7, 2] = np.nan
    return x


def with_categories(x):
    x = with_nan(x)
    x[:, 0] = rng.integers(0, 70, rows)
    x[::9, 0] = np.nan
    return x


forest = {"boosting": "rf", "bagging_fraction": 0.6, "bagging_freq": 1, "feature_fraction": 0.7}
categories = {"min_data_per_group": 2, "cat_smooth": 1, "max_cat_threshold": 40}
cases = [
    lightgbm_case("multiclass", {}),
    lightgbm_case("binary", {"sigmoid": 0.7}, classes=2),
    lightgbm_case("two classes as multiclass", {"objective": "multiclass", "num_class": 2}, classes=2),
    lightgbm_case("NaN", {}, dense=with_nan),
    lightgbm_case("zero as missing", {"zero_as_missing": True}),
    lightgbm_case("missing not used", {"use_missing": False}, dense=with_nan),
    lightgbm_case("categories", categories, dense=with_categories, categorical=[0]),
    lightgbm_case("random forest", forest),
    lightgbm_case("binary random forest", forest, classes=2),
    lightgbm_case("dart", {"boosting": "dart", "drop_rate": 0.5}),
    lightgbm_case("goss", {"data_sample_strategy": "goss"}),
    lightgbm_case("trees of one leaf", {"min_data_in_leaf": rows}),
    xgboost_case("multiclass", {}),
    xgboost_case("multiclass as UBJSON", {"subsample": 0.8}, form="ubj"),
    xgboost_case("binary", {}, classes=2),
    xgboost_case("binary as UBJSON, exact", {"tree_method": "exact"}, classes=2, form="ubj"),
    xgboost_case("given base_score", {"base_score": 0.2}, classes=2),
    xgboost_case("softmax", {"objective": "multi:softmax"}),
    xgboost_case("dart", {"booster": "dart", "rate_drop": 0.5}),
    xgboost_case("parallel trees", {"num_parallel_tree": 3, "subsample": 0.5}),
]
json.dump(cases, sys.stdout)
