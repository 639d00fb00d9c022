"""The work of bench/word2vec.ts by gensim: FOLDER MODEL SEED EPOCHS WORKERS FILE; trains on FOLDER/tokens.json, writes FILE, seconds and processor seconds on stdout."""
import json
import sys
import time

from gensim.models import Word2Vec

folder, kind, seed, epochs, workers, file = sys.argv[1:]
with open(f"{folder}/tokens.json", encoding="utf-8") as source:
    sentences = json.load(source)
model = Word2Vec(
    vector_size=100, window=5, min_count=5, negative=5, sample=1e-3, alpha=0.025, min_alpha=1e-4, sg=int(kind == "skip_gram"),
    seed=int(seed), workers=int(workers))
model.build_vocab(sentences)
started, processor = time.perf_counter(), time.process_time()
model.train(sentences, total_examples=len(sentences), epochs=int(epochs))
seconds, processor = time.perf_counter() - started, time.process_time() - processor
model.wv.save_word2vec_format(file, binary=True)
print(json.dumps({"seconds": seconds, "processor": processor}))
