"""artifacts/split/train.csv -> artifacts/features: how text becomes columns, and the training rows."""
from pathlib import Path

import joblib
import pandas as pd
import scipy.sparse as sp
from common import params, stop
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.pipeline import FeatureUnion

# Words with inner apostrophes, and up to three signs or emoji in a row.
RICH = r"\w+(?:['’]\w+)*|[^\w\s]{1,3}"


def share_or_count(limit, share_up_to_one):
    """scikit-learn tells a share from a number of texts by the type, and JSON keeps no types of numbers: 1.0 arrives as 1."""
    return float(limit) if limit < 1 or (share_up_to_one and limit == 1) else int(limit)


def block(options, **changes):
    weights = {"sublinear_tf": options["sublinear"], "norm": options["norm"]} if options["kind"] == "tfidf" else {}
    kind = TfidfVectorizer if options["kind"] == "tfidf" else CountVectorizer
    most = share_or_count(options["max_df"], share_up_to_one=True)
    return kind(lowercase=options["lowercase"], max_df=most, binary=options["binary"], **weights, **changes)


def features(options):
    blocks = []
    if options["ngram_max"] > 0:
        pattern = {"token_pattern": RICH} if options["tokens"] == "rich" else {}
        blocks.append(("words", block(
            options, ngram_range=(options["ngram_min"], options["ngram_max"]), min_df=share_or_count(options["min_df"], share_up_to_one=False),
            max_features=options["max_features"], **pattern)))
    if options["char_ngram_max"] > 0:
        blocks.append(("characters", block(
            options, analyzer="char_wb", ngram_range=(options["char_ngram_min"], options["char_ngram_max"]),
            min_df=share_or_count(options["char_min_df"], share_up_to_one=False), max_features=options["char_max_features"])))
    if not blocks:
        stop("featurize.ngram_max and char_ngram_max are both 0, which leaves no features")
    return FeatureUnion(blocks)


def main():
    union = features(params("featurize"))
    train = pd.read_csv("artifacts/split/train.csv", dtype=str, keep_default_na=False)
    try:
        matrix = union.fit_transform(train.text)
    except ValueError as problem:
        stop(str(problem), "lower min_df, raise max_df, or check featurize in params.yaml")
    out = Path("artifacts/features")
    out.mkdir(parents=True, exist_ok=True)
    sp.save_npz(out / "train.npz", matrix.tocsr())
    joblib.dump(train.label.to_numpy(), out / "labels.joblib")
    joblib.dump(union, out / "features.joblib")
    print(f"{matrix.shape[0]} rows, {matrix.shape[1]} columns")


main()
