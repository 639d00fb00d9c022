"""What LightGBM's pred_contrib and XGBoost's pred_contribs say of rows, for models as test/peers/tree_models.py makes them (seed, rows, iterations)."""
import base64
import json
import subprocess
import sys
import zlib

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp
import xgboost as xgb

cases = json.loads(subprocess.run([sys.executable, "test/peers/tree_models.py", *sys.argv[1:]], capture_output=True, check=True).stdout)
answers = []
for case in cases:
    # LightGBM does not divide the contributions of its random forests by the number of trees.
    if case["name"] in ("softmax", "dart", "zero as missing", "random forest", "binary random forest"):
        continue
    model = zlib.decompress(base64.b64decode(case["model"]))
    values = np.array([np.nan if v is None else v for v in case["values"]], dtype=float)
    x = sp.csr_matrix((values, case["indices"], case["indptr"]), (len(case["indptr"]) - 1, case["columns"]))[:40]
    if case["library"] == "lightgbm":
        said = lgb.Booster(model_str=model.decode()).predict(x.toarray(), pred_contrib=True)
    else:
        booster = xgb.Booster()
        booster.load_model(bytearray(model))
        said = booster.predict(xgb.DMatrix(x), pred_contribs=True)
    answers.append({**case, "contributions": np.asarray(said, dtype=float).reshape(x.shape[0], -1, case["columns"] + 1).tolist()})
json.dump(answers, sys.stdout)
