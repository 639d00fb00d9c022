"""artifacts/model and the raw test texts -> artifacts/metrics.json and artifacts/evaluation."""
import joblib
import numpy as np
import pandas as pd
from common import params, write_json
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support


def main():
    options = params("evaluate")
    model = joblib.load("artifacts/model/model.joblib")
    test = pd.read_csv("artifacts/split/test.csv", dtype=str, keep_default_na=False)
    predicted = model.predict(test.text)
    classes = [str(name) for name in model.classes_]
    parts = precision_recall_fscore_support(test.label, predicted, labels=classes, zero_division=0)
    names = ("precision", "recall", "f1", "support")
    write_json("artifacts/metrics.json", {
        "accuracy": round(accuracy_score(test.label, predicted), 6),
        "macro_f1": round(f1_score(test.label, predicted, average="macro", zero_division=0), 6),
        "classes": {
            name: {part: round(values[at].item(), 6) for part, values in zip(names, parts)} for at, name in enumerate(classes)},
    })
    write_json("artifacts/evaluation/confusion.json", {
        "classes": classes,
        "truth_by_row_prediction_by_column": confusion_matrix(test.label, predicted, labels=classes).tolist(),
    })
    scores = model.decision_function(test.text)
    sureness = np.abs(scores) if scores.ndim == 1 else scores.max(axis=1)
    wrong = test.assign(predicted=predicted, score=sureness.round(4))[predicted != test.label].sort_values("score", ascending=False)
    write_json("artifacts/evaluation/mistakes.json", wrong.head(options["mistakes"]).to_dict("records"))
    print(f"accuracy {accuracy_score(test.label, predicted):.4f}, {len(wrong)} of {len(test)} wrong")


main()
