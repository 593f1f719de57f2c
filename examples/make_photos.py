#!/usr/bin/env python3
"""Makes photos.jsonl: captions of photos with any number of five labels, 24 of them wrong.

The captions are put together from the phrases below. An annotator's mistakes are added: a label
that was missed, or one that does not belong. The probabilities are out-of-fold ones of a logistic
regression for each label (scikit-learn). The mistakes go to photos_mistakes.csv.
"""

import json
import random
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline

HERE = Path(__file__).resolve().parent
PHRASES = {
    "animal": ["a dog", "two cats", "a brown horse", "some sheep", "a grey heron", "a sleeping cat",
               "our old dog", "three horses", "a young heron"],
    "food": ["a plate of pasta", "fresh bread", "a bowl of soup", "a birthday cake", "warm bread",
             "pancakes and soup", "a slice of cake", "pasta with basil"],
    "night": ["at night", "after midnight", "under the stars", "by moonlight", "late at night",
              "under a full moon"],
    "people": ["a woman", "two children", "my uncle", "a crowd", "a man in a red coat",
               "the children", "an old man", "a woman in a hat"],
    "water": ["by the lake", "at the river", "on the beach", "near the harbour", "by the river",
              "on a wet beach", "beside the lake"],
}
PLAIN = ["an empty street", "a red door", "the old tower", "a bicycle", "a wooden bench",
         "a row of houses", "a stone bridge", "a quiet square"]
ORDER = ["people", "animal", "food", "water", "night"]  # of the phrases in a caption


def caption(truth, rng):
    things = [rng.choice(PHRASES[name]) for name in ORDER[:3] if name in truth]
    places = [rng.choice(PHRASES[name]) for name in ORDER[3:] if name in truth]
    if not things:
        things = [rng.choice(PLAIN)]
    text = " ".join([" and ".join(things), *places])
    return text[0].upper() + text[1:] + "."


def main():
    rng = random.Random(7)
    names = sorted(PHRASES)
    texts, truths = [], []
    while len(texts) < 300:
        truth = {name for name in names if rng.random() < 0.32}
        text = caption(truth, rng)
        if text not in texts:
            texts.append(text)
            truths.append(truth)
    given = [set(truth) for truth in truths]
    mistakes = []
    for row in sorted(rng.sample(range(len(texts)), 24)):
        if given[row] and rng.random() < 0.6:
            name = rng.choice(sorted(given[row]))
        else:
            name = rng.choice([name for name in names if name not in given[row]] or names)
        mistakes.append((f"p{row:03}", "add" if name in given[row] else "remove", name))
        given[row] ^= {name}

    labels = np.array([[name in row for name in names] for row in given], dtype=int)
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+"),
                          OneVsRestClassifier(LogisticRegression(C=30, max_iter=1000)))
    probs = cross_val_predict(model, texts, labels, cv=10, method="predict_proba")
    with open(HERE / "photos.jsonl", "w", encoding="utf-8") as file:
        for row, text in enumerate(texts):
            json.dump({"id": f"p{row:03}", "text": text, "labels": sorted(given[row]),
                       "probs": {name: round(float(p), 3) for name, p in zip(names, probs[row])}},
                      file)
            file.write("\n")
    with open(HERE / "photos_mistakes.csv", "w", encoding="utf-8") as file:
        file.write("id,action,label\n" + "".join(",".join(row) + "\n" for row in mistakes))


if __name__ == "__main__":
    main()
