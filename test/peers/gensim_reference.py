"""gensim on files of word vectors. `write FOLDER`: a text and a binary file of vectors and words from JSON on stdin; `read FILE...`: what it reads in each, as JSON."""
import json
import sys

import numpy as np
from gensim.models import KeyedVectors

what, *given = sys.argv[1:]
if what == "write":
    question = json.load(sys.stdin)
    vectors = KeyedVectors(len(question["vectors"][0]))
    vectors.add_vectors(question["words"], np.array(question["vectors"], dtype=np.float32))
    vectors.save_word2vec_format(f"{given[0]}/theirs.txt", binary=False)
    vectors.save_word2vec_format(f"{given[0]}/theirs.bin", binary=True)
else:
    read = [KeyedVectors.load_word2vec_format(file, binary=file.endswith(".bin")) for file in given]
    json.dump([{"words": found.index_to_key, "vectors": found.vectors.tolist()} for found in read], sys.stdout)
