"""What LightGBM says of rows by models that we wrote: reads a JSON list of {model, columns, rows, indptr, indices, values} from the file named, answers
raw scores, probabilities and contributions of each on standard output."""
import json
import sys

import lightgbm as lgb
import numpy as np
import scipy.sparse as sp

answers = []
for case in json.load(open(sys.argv[1])):
    values = np.array([np.nan if v is None else v for v in case["values"]], dtype=float)
    x = sp.csr_matrix((values, case["indices"], case["indptr"]), (case["rows"], case["columns"]))
    booster = lgb.Booster(model_file=case["model"])
    answers.append(
        {
            "raw": booster.predict(x, raw_score=True).reshape(-1).tolist(),
            "probabilities": booster.predict(x).reshape(-1).tolist(),
            "contributions": booster.predict(x.toarray()[:10], pred_contrib=True).reshape(-1).tolist(),
        }
    )
json.dump(answers, sys.stdout)
