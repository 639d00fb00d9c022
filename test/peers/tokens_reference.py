"""Answers one question, JSON on stdin: terms and counts of scikit-learn's CountVectorizer, with each of the given arguments; JSON on stdout."""
import json
import sys

from sklearn.feature_extraction.text import CountVectorizer


def answer(args, texts):
    if "ngram_range" in args:
        args["ngram_range"] = tuple(args["ngram_range"])
    vectorizer = CountVectorizer(**args)
    counts = vectorizer.fit_transform(texts).sorted_indices()
    terms = vectorizer.get_feature_names_out().tolist()
    return {"terms": terms, "indptr": counts.indptr.tolist(), "indices": counts.indices.tolist(), "values": counts.data.tolist()}


question = json.load(sys.stdin)
json.dump([answer(args, question["texts"]) for args in question["cases"]], sys.stdout)
