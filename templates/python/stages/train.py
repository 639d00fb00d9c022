"""artifacts/features -> artifacts/model/model.joblib: a pipeline that takes raw text."""
from pathlib import Path

import joblib
import scipy.sparse as sp
from common import params, stop
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from sklearn.svm import LinearSVC


def classifier(options):
    weights = None if options["class_weight"] == "none" else options["class_weight"]
    if options["algorithm"] == "linear_svm":
        return LinearSVC(C=options["c"], class_weight=weights, loss=options["loss"], dual=True, random_state=options["seed"], max_iter=10_000)
    if options["algorithm"] == "logistic_regression":
        return LogisticRegression(C=options["c"], class_weight=weights, max_iter=1000)
    return stop(f"parameter train.algorithm must be linear_svm or logistic_regression, not {options['algorithm']}")


def main():
    options = params("train")
    source = Path("artifacts/features")
    matrix = sp.load_npz(source / "train.npz")
    model = classifier(options).fit(matrix, joblib.load(source / "labels.joblib"))
    out = Path("artifacts/model")
    out.mkdir(parents=True, exist_ok=True)
    joblib.dump(Pipeline([("features", joblib.load(source / "features.joblib")), ("classifier", model)]), out / "model.joblib")
    print(f"{options['algorithm']} on {matrix.shape[0]} rows")


main()
