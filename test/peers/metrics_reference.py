"""Answers one question about predictions, JSON on stdin, with what scikit-learn, scipy and statsmodels say: JSON on stdout.

With the argument --fixture it asks itself some seeded questions, and prints questions and answers: that is metrics-fixture.json, made by
    python test/peers/metrics_reference.py --fixture > test/peers/metrics-fixture.json && npx prettier --write test/peers/metrics-fixture.json
"""
import json
import sys
import warnings

import numpy as np
from sklearn.calibration import calibration_curve
from sklearn import metrics as m
from sklearn.model_selection import GroupKFold, StratifiedGroupKFold, StratifiedKFold, TimeSeriesSplit
from statsmodels.stats.contingency_tables import mcnemar

warnings.filterwarnings("ignore")


def averages(truth, predicted, average):
    precision, recall, f1, _ = m.precision_recall_fscore_support(truth, predicted, average=average, zero_division=0)
    return {"precision": precision, "recall": recall, "f1": f1}


def scores(question):
    truth, classes = np.array(question["truth"]), question["classes"]
    probabilities = np.array(question["probabilities"]).reshape(-1, classes)
    predicted, labels = probabilities.argmax(axis=1), list(range(classes))
    hot = np.eye(classes)[truth]
    answer = {
        "accuracy": m.accuracy_score(truth, predicted),
        "macro": averages(truth, predicted, "macro"),
        "micro": averages(truth, predicted, "micro"),
        "weighted": averages(truth, predicted, "weighted"),
        "matthews": m.matthews_corrcoef(truth, predicted),
        "kappa": m.cohen_kappa_score(truth, predicted, labels=labels),
        "kappa_linear": m.cohen_kappa_score(truth, predicted, labels=labels, weights="linear"),
        "kappa_quadratic": m.cohen_kappa_score(truth, predicted, labels=labels, weights="quadratic"),
        "log_loss": m.log_loss(truth, probabilities, labels=labels),
        "brier": m.brier_score_loss(truth, probabilities, labels=labels),
        "ovr": [m.roc_auc_score(hot[:, c], probabilities[:, c]) for c in labels],
        "average_precision": [m.average_precision_score(hot[:, c], probabilities[:, c]) for c in labels],
        "average_precision_weighted": m.average_precision_score(hot, probabilities, average="weighted"),
    }
    if classes > 2:
        for how in ("ovr", "ovo"):
            for average in ("macro", "weighted"):
                answer[f"{how}_{average}"] = m.roc_auc_score(truth, probabilities, multi_class=how, average=average, labels=labels)
    fpr, tpr, _ = m.roc_curve(hot[:, 0], probabilities[:, 0], drop_intermediate=False)
    answer["roc"] = {"x": fpr.tolist(), "y": tpr.tolist()}
    precision, recall, _ = m.precision_recall_curve(hot[:, 0], probabilities[:, 0])
    answer["pr"] = {"x": recall[::-1].tolist(), "y": precision[::-1].tolist()}
    observed, claimed = calibration_curve(hot[:, 0], probabilities[:, 0], n_bins=10)
    answer["reliability"] = {"claimed": claimed.tolist(), "observed": observed.tolist()}
    return answer


def fold_of(splits, rows):
    folds = np.full(rows, -1)
    for number, (_, test) in enumerate(splits):
        folds[test] = number
    return folds.tolist()


def splits(question):
    y, groups, folds = np.array(question["y"]), np.array(question["groups"]), question["folds"]
    rows = np.zeros((len(y), 1))
    time = question["time"]
    series = TimeSeriesSplit(folds, gap=time["gap"], test_size=time["testRows"], max_train_size=time["mostTrainRows"])
    return {
        "stratified": fold_of(StratifiedKFold(folds).split(rows, y), len(y)),
        "group": fold_of(GroupKFold(folds).split(rows, y, groups), len(y)),
        "stratified_group": fold_of(StratifiedGroupKFold(folds).split(rows, y, groups), len(y)),
        "time": [[train.tolist(), test.tolist()] for train, test in series.split(rows)],
        "time_plain": [[train.tolist(), test.tolist()] for train, test in TimeSeriesSplit(folds).split(rows)],
    }


def tests(question):
    tables = [[[10, first], [second, 20]] for first, second in question["discordant"]]
    return {
        "exact": [mcnemar(table, exact=True).pvalue for table in tables],
        "approximate": [mcnemar(table, exact=False, correction=True).pvalue for table in tables],
    }


ANSWERS = {"scores": scores, "splits": splits, "tests": tests}


def answer(questions):
    return [ANSWERS[question["kind"]](question) for question in questions]


def seeded_scores(random, rows, classes, grain):
    """`grain` rounds probabilities, so that scores tie."""
    truth = random.integers(0, classes, rows)
    truth[:classes] = range(classes)
    logits = random.normal(size=(rows, classes)) + 1.2 * np.eye(classes)[truth]
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    if grain:
        probabilities = np.round(probabilities * grain) + 0.01
        probabilities /= probabilities.sum(axis=1, keepdims=True)
    return {"kind": "scores", "classes": classes, "truth": truth.tolist(), "probabilities": probabilities.ravel().tolist()}


def fixture():
    random = np.random.default_rng(7)
    questions = [seeded_scores(random, rows, classes, grain) for rows, classes, grain in
                 [(60, 2, 0), (80, 2, 5), (90, 3, 0), (90, 3, 4), (70, 6, 0), (40, 4, 3)]]
    for rows, classes, groups, folds in [(61, 3, 17, 4), (100, 2, 30, 5), (45, 4, 6, 3)]:
        y = np.concatenate([np.repeat(np.arange(classes), folds), random.integers(0, classes, rows - classes * folds)])
        random.shuffle(y)
        questions.append({"kind": "splits", "y": y.tolist(), "groups": random.integers(0, groups, rows).tolist(), "folds": folds,
                          "time": {"gap": 2, "testRows": 5, "mostTrainRows": 11}})
    questions.append({"kind": "tests", "discordant": [
        [0, 1], [3, 3], [5, 14], [40, 21], [0, 30], [1, 9], [121, 59], [500, 430], [2000, 1700], [7, 6], [900, 100]]})
    return questions


def main():
    if sys.argv[1:] == ["--fixture"]:
        questions = fixture()
        json.dump({"questions": questions, "answers": answer(questions)}, sys.stdout)
    else:
        json.dump(answer(json.load(sys.stdin)), sys.stdout)


main()
