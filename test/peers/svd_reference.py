"""Answers one question, JSON on stdin: singular values by ARPACK, and what scikit-learn's TruncatedSVD makes of each sparse matrix; JSON on stdout."""
import json
import sys

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import svds
from sklearn.decomposition import TruncatedSVD


def answer(given):
    x = sp.csr_matrix((given["values"], given["indices"], given["indptr"]), (given["rows"], given["columns"]))
    k = given["components"]
    values = np.sort(svds(x, k, tol=1e-12, rng=0, return_singular_vectors=False))[::-1]
    arpack = TruncatedSVD(k, algorithm="arpack", tol=1e-12, random_state=0).fit(x)
    randomized = TruncatedSVD(k, random_state=0, n_iter=given["iterations"]).fit(x)
    return {
        "values": values.tolist(),
        "components": arpack.components_.tolist(),
        "variance": arpack.explained_variance_.tolist(),
        "ratio": arpack.explained_variance_ratio_.tolist(),
        "randomized": randomized.singular_values_.tolist(),
    }


json.dump([answer(given) for given in json.load(sys.stdin)], sys.stdout)
