"""Answers with the stems of a list of words, JSON on stdin: NLTK's Porter stemmer with Porter's own later changes."""
import json
import sys

from nltk.stem import PorterStemmer

stemmer = PorterStemmer(mode=PorterStemmer.MARTIN_EXTENSIONS)
json.dump([stemmer.stem(word) for word in json.load(sys.stdin)], sys.stdout)
