"""Answers one question, JSON on stdin: the rows that scikit-learn's HashingVectorizer makes of texts with each of the given arguments."""
import json
import sys

from sklearn.feature_extraction.text import HashingVectorizer


def rows(args, texts):
    args = {**args, "ngram_range": tuple(args.get("ngram_range", (1, 1)))}
    matrix = HashingVectorizer(**args).transform(texts).sorted_indices()
    return {"indptr": matrix.indptr.tolist(), "indices": matrix.indices.tolist(), "values": matrix.data.tolist()}


question = json.load(sys.stdin)
json.dump([rows(args, question["texts"]) for args in question["cases"]], sys.stdout)
