"""Probabilities of scikit-learn's models for the rows that were asked about. A model is {"class", "args"}; so may be an argument, or a list of them."""
import json
import sys

import numpy as np
import scipy.sparse as sp
from sklearn import calibration, ensemble, isotonic, linear_model, multiclass, naive_bayes, svm

kinds = {}
for module in (calibration, ensemble, isotonic, linear_model, multiclass, naive_bayes, svm):
    kinds.update({name: getattr(module, name) for name in dir(module) if not name.startswith("_")})
kinds["SigmoidCalibration"] = calibration._SigmoidCalibration


def build(spec):
    if isinstance(spec, dict) and "class" in spec:
        return kinds[spec["class"]](**{name: build(value) for name, value in spec["args"].items()})
    if isinstance(spec, list):
        return [build(each) for each in spec]
    return spec


question = json.load(sys.stdin)
x, y, unseen = (np.array(question[name]) for name in ("x", "y", "unseen"))
weights = np.array(question["weights"])
answers = []
for spec in question["models"]:
    model = build(spec["model"])
    own = {"sample_weight": weights} if spec.get("weighted") else {}
    if "curve" in spec:
        model.fit(x[:, 0], (y == 1).astype(float), weights)
        answers.append({"values": model.predict(unseen[:, 0]).tolist()})
        continue
    model.fit(sp.csr_matrix(x), y, **own)
    answer = {"labels": model.predict(sp.csr_matrix(unseen)).tolist()}
    if hasattr(model, "predict_proba"):
        answer["values"] = model.predict_proba(sp.csr_matrix(unseen)).ravel().tolist()
    if hasattr(model, "coef_"):
        answer["weights"] = model.coef_.ravel().tolist()
    answers.append(answer)
json.dump(answers, sys.stdout)
