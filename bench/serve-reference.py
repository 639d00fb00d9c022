"""The reference of bench/serve.ts: a Flask server as tutorials write it, with a scikit-learn model trained on the same comments."""

import csv
import logging
import sys

from flask import Flask, jsonify, request
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union

with open(sys.argv[2], newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
# The same columns as the package of the benchmark: words and pairs of them, and characters within words.
features = make_union(
    TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
    TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True),
)
model = make_pipeline(features, LogisticRegression(max_iter=1000))
model.fit([row["text"] for row in rows], [row["sentiment"] for row in rows])

app = Flask(__name__)
logging.getLogger("werkzeug").setLevel(logging.ERROR)


@app.post("/predict")
def predict():
    comments = request.get_json()["comments"]
    labels = model.predict(comments)
    return jsonify([{"comment": c, "sentiment": str(s)} for c, s in zip(comments, labels)])


app.run(host="127.0.0.1", port=int(sys.argv[1]), threaded=True)
