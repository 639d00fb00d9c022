"""scikit-learn's forests for the tasks on stdin: each tree's nodes where nothing is drawn, else what they say of other rows."""
import json
import sys

import numpy as np
import scipy.sparse as sp
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

kinds = {"random_forest": RandomForestClassifier, "extra_trees": ExtraTreesClassifier}
answers = []
for task in json.load(sys.stdin):
    shape = (len(task["indptr"]) - 1, task["columns"])
    x = sp.csr_matrix((task["values"], task["indices"], task["indptr"]), shape)
    weights = np.array(task["weights"]) if "weights" in task else None
    unseen = np.array(task["unseen"], dtype=int)
    seen = np.setdiff1d(np.arange(shape[0]), unseen)
    y = np.array(task["y"])
    model = kinds[task["algorithm"]](**task["args"])
    model.fit(x[seen], y[seen], sample_weight=None if weights is None else weights[seen])
    asked = x[unseen] if len(unseen) else x
    trees = [e.tree_ for e in model.estimators_]
    answers.append(
        {
            "probabilities": model.predict_proba(asked).ravel().tolist(),
            "nodes": [int(t.node_count - t.n_leaves) for t in trees],
            "depths": [int(t.max_depth) for t in trees],
        }
    )
json.dump(answers, sys.stdout)
