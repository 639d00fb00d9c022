"""The references' side of bench/parity.ts: `libraries`, or `features`, `step` or `estimator` with FOLDER JSON; answers as JSON, arrays as files."""

import importlib.metadata
import json
import os
import sys

import numpy as np
import scipy.sparse as sp


def libraries():
    import lightgbm
    import xgboost

    beside = lambda module, name: os.path.join(os.path.dirname(module.__file__), "lib", name)
    return {
        "MLP_LIGHTGBM_LIB": beside(lightgbm, "lib_lightgbm.so"),
        "MLP_XGBOOST_LIB": beside(xgboost, "libxgboost.so"),
    }


def features(folder, args):
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    texts = json.load(open(f"{folder}/texts.json", encoding="utf-8"))
    ours = json.load(open(f"{folder}/terms.json", encoding="utf-8"))
    if "ngram_range" in args:
        args["ngram_range"] = tuple(args["ngram_range"])
    vectorizer = CountVectorizer() if args.pop("counts", False) else TfidfVectorizer(**args)
    vectorizer.fit(texts["train"])
    x = vectorizer.transform(texts["test"])
    x.sort_indices()
    x.data.astype("<f8").tofile(f"{folder}/reference.values")
    terms = vectorizer.get_feature_names_out().tolist()
    same = len(set(ours) & set(terms))
    return {"terms": len(terms), "same": same}


def matrix(folder, name, columns):
    read = lambda array, kind: np.fromfile(f"{folder}/{name}.{array}", kind)
    indptr = read("indptr", "<i4")
    x = sp.csr_matrix((read("values", "<f8"), read("indices", "<i4"), indptr), (len(indptr) - 1, columns))
    return x, read("y", "<i4")


def kinds():
    from lightgbm import LGBMClassifier
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn import ensemble, linear_model, multiclass, naive_bayes, neighbors, svm
    from xgboost import XGBClassifier

    found = {kind.__name__: kind for kind in (CalibratedClassifierCV, LGBMClassifier, XGBClassifier)}
    for module in (ensemble, linear_model, multiclass, naive_bayes, neighbors, svm):
        found.update({name: getattr(module, name) for name in module.__all__})
    return found


def build(spec, found):
    if isinstance(spec, dict) and "class" in spec:
        return found[spec["class"]](**{name: build(value, found) for name, value in spec["args"].items()})
    # Named members are pairs.
    return [tuple(build(part, found) for part in value) if isinstance(value, list) else value for value in spec] if isinstance(spec, list) else spec


def estimator(folder, spec):
    from sklearn.metrics import accuracy_score, f1_score
    from sklearn.utils.class_weight import compute_sample_weight

    if spec.get("versions"):
        names = ("scikit-learn", "lightgbm", "xgboost-cpu", "gensim")
        return {name: f"{name} {importlib.metadata.version(name)}" for name in names}
    suffix = "-small" if spec.get("small") else ""
    columns = json.load(open(f"{folder}/meta.json"))["columns" + suffix]
    x, y = matrix(folder, "train" + suffix, columns)
    unseen, truth = matrix(folder, "test" + suffix, columns)
    if suffix:
        x, unseen = x.toarray(), unseen.toarray()
    balanced = spec["args"].pop("balanced", False)
    weights = {"sample_weight": compute_sample_weight("balanced", y)} if balanced else {}
    model = build(spec, kinds()).fit(x, y, **weights)
    apart = spec.get("apart")
    if apart:
        asked = model.predict_proba if apart == "probabilities" else model.decision_function
        asked(unseen).astype("<f8").tofile(f"{folder}/reference.apart")
    predicted = model.predict(unseen)
    return {
        "accuracy": accuracy_score(truth, predicted),
        "macroF1": f1_score(truth, predicted, average="macro"),
    }


def select(folder, what, k, x, y):
    from sklearn.feature_selection import SelectKBest, chi2, mutual_info_classif

    score = chi2 if what == "chi2" else lambda x, y: mutual_info_classif((x != 0).astype(float), y, discrete_features=True)
    best = SelectKBest(score, k=k).fit(x, y)
    best.scores_.astype("<f8").tofile(f"{folder}/reference.values")
    return {"chosen": np.flatnonzero(best.get_support()).tolist()}


def hashing(folder, texts):
    from sklearn.feature_extraction.text import HashingVectorizer

    x = HashingVectorizer().transform(texts["test"]).sorted_indices()
    x.data.astype("<f8").tofile(f"{folder}/reference.values")
    return {"entries": int(x.nnz), "columns": len(np.unique(x.indices))}


def scored(seen, y, unseen, truth):
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import accuracy_score, f1_score

    predicted = LogisticRegression(max_iter=5000).fit(seen, y).predict(unseen)
    return {"accuracy": accuracy_score(truth, predicted), "macroF1": f1_score(truth, predicted, average="macro")}


def svd(folder, x, y, unseen, truth):
    from sklearn.decomposition import TruncatedSVD

    fitted = TruncatedSVD(100, random_state=1).fit(x)
    fitted.singular_values_.astype("<f8").tofile(f"{folder}/reference.values")
    scores = scored(fitted.transform(x), y, fitted.transform(unseen), truth)
    return {**scores, "ratio": float(fitted.explained_variance_ratio_.sum())}


def word2vec(folder, y, truth):
    from gensim.models import Word2Vec

    sentences = json.load(open(f"{folder}/tokens.json", encoding="utf-8"))
    seen, unseen = sentences[: len(y)], sentences[len(y) :]
    vectors = Word2Vec(seen, vector_size=100, sg=1, seed=1, workers=1).wv

    def means(texts):
        known = [[word for word in text if word in vectors] for text in texts]
        return np.array([np.mean(vectors[words], axis=0) if words else np.zeros(100) for words in known])

    return scored(means(seen), y, means(unseen), truth)


def step(folder, given):
    what = given["what"]
    if what == "hashing":
        return hashing(folder, json.load(open(f"{folder}/texts.json", encoding="utf-8")))
    columns = json.load(open(f"{folder}/meta.json"))["columns"]
    (x, y), (unseen, truth) = matrix(folder, "train", columns), matrix(folder, "test", columns)
    if what == "svd":
        return svd(folder, x, y, unseen, truth)
    return word2vec(folder, y, truth) if what == "word2vec" else select(folder, what, given["k"], x, y)


what, *given = sys.argv[1:]
if what == "features":
    print(json.dumps(features(given[0], json.loads(given[1])["args"])))
elif what == "step":
    print(json.dumps(step(given[0], json.loads(given[1]))))
elif what == "estimator":
    print(json.dumps(estimator(given[0], json.loads(given[1]))))
else:
    print(json.dumps(libraries()))
