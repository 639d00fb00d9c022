"""Answers one question, JSON on stdin, with what scikit-learn makes of the same texts: JSON on stdout.

With the argument --fixture it asks itself the small question below, and prints question and answer: that is fixture.json, made by
    python test/peers/sklearn_reference.py --fixture > test/peers/fixture.json && npx prettier --write test/peers/fixture.json
"""
import json
import sys

import numpy as np
import sklearn
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support
from sklearn.svm import LinearSVC

CLASSES = {"count": CountVectorizer, "tfidf": TfidfVectorizer, "svm": LinearSVC, "logistic": LogisticRegression}

TEXTS = [
    "The quick brown fox jumps over the lazy dog, the end.",
    "Café naïve Ångström über straße ÉCOLE",
    "I love this ❤️❤️ so much 😂😂 4:32 👍🏽",
    "",
    "   ",
    "a b c",
    "don't can't won't it's",
    "snake_case and CamelCase and x2 y_3 ½ ² Ⅷ ٣٤",
    "e\u0301 combining vs \u00e9 composed; नमस्ते हिन्दी; 日本語 テスト; привет мир",
    "flags 🇩🇪🇫🇷 family 👨‍👩‍👧 keycap 1️⃣ ！full－width",
    "no no no never not bad, bad bad BAD!!! ???",
    "ΟΔΟΣ ΟΔΥΣΣΕΥΣ İstanbul ıI",
    "tab\tnewline\nand\r\nnbsp\u00a0em\u2003space \u200bzero",
    "good good movie good film",
    "bad film bad bad movie",
    "the film was fine the movie was fine",
    "great great great film love it",
    "worst movie ever hate it hate it",
    "it is a film about a dog",
    "love love the fox 😂",
]
LABELS = ["neu", "pos", "pos", "neu", "neu", "neu", "neg", "neu", "neu", "neu", "neg", "neu", "neu", "pos", "neg", "neu",
          "pos", "neg", "neu", "pos"]
EXACT = {"tol": 1e-10, "max_iter": 100000, "random_state": 0}

QUESTION = {
    "texts": TEXTS,
    "labels": LABELS,
    "vectorizers": {
        "count": {"class": "count", "args": {}},
        "count_1_3": {"class": "count", "args": {"ngram_range": [1, 3]}},
        "count_2_2_df": {"class": "count", "args": {"ngram_range": [1, 2], "min_df": 2, "max_df": 0.3}},
        "binary": {"class": "count", "args": {"binary": True}},
        "tfidf": {"class": "tfidf", "args": {}},
        "tfidf_sublinear_l1": {"class": "tfidf", "args": {"sublinear_tf": True, "norm": "l1", "smooth_idf": False}},
        "tfidf_top": {"class": "tfidf", "args": {"max_features": 4}},
        "char_wb": {"class": "tfidf", "args": {"analyzer": "char_wb", "ngram_range": [2, 5], "sublinear_tf": True}},
        "char": {"class": "tfidf", "args": {"analyzer": "char", "ngram_range": [1, 3]}},
        "char_long": {"class": "count", "args": {"analyzer": "char", "ngram_range": [6, 7]}},
        "accents_unicode": {"class": "tfidf", "args": {"strip_accents": "unicode"}},
        "accents_ascii": {"class": "count", "args": {"strip_accents": "ascii", "ngram_range": [1, 2]}},
        "char_wb_long": {"class": "count", "args": {"analyzer": "char_wb", "ngram_range": [4, 6]}},
    },
    "models": {
        "svm": {"class": "svm", "on": "tfidf", "args": {"dual": True, **EXACT}},
        "svm_balanced_hinge": {
            "class": "svm", "on": "tfidf", "args": {"dual": True, "loss": "hinge", "class_weight": "balanced", "C": 0.5, **EXACT}},
        "svm_map": {
            "class": "svm", "on": "tfidf",
            "args": {"dual": True, "C": 2.0, "class_weight": {"neg": 3.0, "neu": 0.5, "pos": 1.0}, **EXACT}},
        "svm_two": {
            "class": "svm", "on": "tfidf", "merge": ["neg", "neu"], "args": {"dual": True, "class_weight": "balanced", **EXACT}},
        "logistic": {"class": "logistic", "on": "tfidf", "args": EXACT},
        "logistic_balanced": {"class": "logistic", "on": "tfidf", "args": {"C": 3.0, "class_weight": "balanced", **EXACT}},
        "logistic_two": {"class": "logistic", "on": "tfidf", "merge": ["neg", "neu"], "args": EXACT},
    },
}


def vectorize(texts, spec):
    args = dict(spec["args"])
    if "ngram_range" in args:
        args["ngram_range"] = tuple(args["ngram_range"])
    vectorizer = CLASSES[spec["class"]](**args)
    matrix = vectorizer.fit_transform(texts).astype(np.float64)
    matrix.sort_indices()
    return matrix, vectorizer.get_feature_names_out().tolist()


def fit(matrix, labels, spec):
    model = CLASSES[spec["class"]](**spec["args"]).fit(matrix, labels)
    predicted = model.predict(matrix)
    precision, recall, f1, support = precision_recall_fscore_support(labels, predicted, zero_division=0)
    answer = {
        "classes": model.classes_.tolist(),
        "coef": model.coef_.tolist(),
        "intercept": model.intercept_.tolist(),
        "predictions": predicted.tolist(),
        "metrics": {
            "accuracy": accuracy_score(labels, predicted),
            "macro_f1": f1_score(labels, predicted, average="macro", zero_division=0),
            "precision": precision.tolist(), "recall": recall.tolist(), "f1": f1.tolist(), "support": support.tolist(),
            "confusion": confusion_matrix(labels, predicted).ravel().tolist(),
        },
    }
    if hasattr(model, "predict_proba"):
        answer["probabilities"] = model.predict_proba(matrix).ravel().tolist()
    return answer


def merged(labels, names):
    """Two classes: the named labels become one, called by the first of them."""
    return [names[0] if label in names else label for label in labels] if names else labels


def answer(question):
    matrices, vectorizers, models = {}, {}, {}
    for name, spec in question["vectorizers"].items():
        matrices[name], terms = vectorize(question["texts"], spec)
        vectorizers[name] = {
            "terms": terms,
            "indptr": matrices[name].indptr.tolist(),
            "indices": matrices[name].indices.tolist(),
            "values": matrices[name].data.tolist(),
        }
    for name, spec in question["models"].items():
        models[name] = fit(matrices[spec["on"]], merged(question["labels"], spec.get("merge")), spec)
    return {"sklearn": sklearn.__version__, "vectorizers": vectorizers, "models": models}


def main():
    if sys.argv[1:] == ["--fixture"]:
        json.dump({"question": QUESTION, "answer": answer(QUESTION)}, sys.stdout)
    else:
        json.dump(answer(json.load(sys.stdin)), sys.stdout)


main()
