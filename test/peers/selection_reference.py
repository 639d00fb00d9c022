"""Answers one question, JSON on stdin: scores and choices of scikit-learn's SelectKBest, of a matrix and of texts; JSON on stdout."""
import json
import sys

import numpy as np
import scipy.sparse as sp
from sklearn.feature_extraction.text import CountVectorizer, HashingVectorizer, TfidfVectorizer
from sklearn.feature_selection import SelectKBest, chi2, mutual_info_classif

SCORES = {
    "chi2": lambda x, y: chi2(x, y)[0],
    "mutual_info": lambda x, y: mutual_info_classif(x, y, discrete_features=True),
    "presence": lambda x, y: mutual_info_classif((x != 0).astype(float), y, discrete_features=True),
}


def numbers(x):
    x = sp.csr_matrix(x, copy=True)
    x.sort_indices()
    return {"indptr": x.indptr.tolist(), "indices": x.indices.tolist(), "values": x.data.astype(float).tolist()}


def choose(by, k, x, y):
    return np.flatnonzero(SelectKBest(SCORES[by], k=k).fit(x, y).get_support())


def of_matrix(given):
    x = sp.csr_matrix((given["values"], given["indices"], given["indptr"]), (given["rows"], given["columns"]))
    scores = {by: SCORES[by](x, given["y"]) for by in ("chi2", "mutual_info")}
    chosen = {by: [choose(by, k, x, given["y"]).tolist() for k in given["counts"]] for by in scores}
    shown = {by: [None if np.isnan(score) else score for score in found] for by, found in scores.items()}
    return {"scores": shown, "chosen": chosen}


def of_texts(given, y, seen, unseen):
    """A vectorizer that is left with its best terms is one that was given them as its vocabulary; hashed columns are only left out."""
    kind, by, k = given["kind"], given["by"], given["k"]
    if kind == "hashing":
        hashed = HashingVectorizer(n_features=given["features"], alternate_sign=given["alternate_sign"])
        chosen = choose(by, k, hashed.transform(seen), y)
        return {"terms": chosen.tolist(), "seen": numbers(hashed.transform(seen)[:, chosen]), "unseen": numbers(hashed.transform(unseen)[:, chosen])}
    one = {"bow": CountVectorizer, "tfidf": TfidfVectorizer}[kind]
    args = {"ngram_range": tuple(given["ngram_range"])}
    first = one(**args)
    matrix = first.fit_transform(seen)
    terms = first.get_feature_names_out()[choose(by, k, matrix, y)].tolist()
    again = one(vocabulary=terms, **args).fit(seen)
    return {"terms": terms, "seen": numbers(again.transform(seen)), "unseen": numbers(again.transform(unseen))}


question = json.load(sys.stdin)
answer = {
    "matrices": [of_matrix(given) for given in question["matrices"]],
    "texts": [of_texts(case, question["y"], question["seen"], question["unseen"]) for case in question["cases"]],
}
json.dump(answer, sys.stdout)
