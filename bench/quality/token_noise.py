"""Token data with known errors: noise of a known kind in clean labels, and a model trained on it."""

import re
from collections import Counter

import numpy as np
from sklearn.feature_extraction import FeatureHasher
from sklearn.linear_model import SGDClassifier

FOLDS = 5
SENTENCES_IN_FOLD = 20

# Kind and rate: the share of entities that are hit; for spurious ones, how many are added.
KINDS = [("clean", 0), ("missing", .1), ("missing", .4), ("missing words", .3), ("spurious", .1),
         ("spurious words", .3), ("type", .1), ("boundary", .15)]


def entities(labels, classes, lengths):
    """[(start, end, type)] over all tokens, of labels in IOB2."""
    first = np.zeros(len(labels) + 1, bool)
    first[np.cumsum(lengths)] = True
    first[0] = True
    found, before = [], "O"
    for i, label in enumerate(labels):
        name = classes[label]
        if name != "O":
            if first[i] or name[0] == "B" or before == "O" or before[2:] != name[2:]:
                found.append([i, i, name[2:]])
            found[-1][1] = i + 1
        before = name
    return [tuple(entity) for entity in found]


class Noise:
    """One kind of noise in one text."""

    def __init__(self, truth, lengths, words, classes, seed=0):
        self.random = np.random.default_rng(seed)
        self.truth, self.words, self.classes = truth, [w.lower() for w in words], classes
        self.number = {name: c for c, name in enumerate(classes)}
        self.types = sorted({name[2:] for name in classes if name != "O"})
        self.entities = entities(truth, classes, lengths)
        self.ends = set(np.cumsum(lengths).tolist())
        self.labels = truth.copy()

    def put(self, start, end, name):
        for i in range(start, end):
            tag = "O" if name is None else ("B-" if i == start else "I-") + name
            self.labels[i] = self.number.get(tag, self.number.get(f"I-{name}", self.labels[i]))

    def other_type(self, name):
        return self.types[(self.types.index(name) + self.random.integers(1, len(self.types)))
                          % len(self.types)]

    def hit(self, kind, entity):
        start, end, name = entity
        if kind.startswith("missing"):
            self.put(start, end, None)
        elif kind == "type":
            self.put(start, end, self.other_type(name))
        elif end - start > 1:  # boundary: too short
            self.put(start, end, None)
            cut = self.random.random() < .5
            self.put(start + cut, end - (not cut), name)
        elif end not in self.ends and self.classes[self.truth[end]] == "O":  # too long
            self.put(start, end + 1, name)

    def add_spurious(self, kind, count):
        free = np.array([self.classes[label] == "O" for label in self.truth])
        if kind == "spurious":
            for i in self.random.choice(np.flatnonzero(free), count, replace=False):
                self.put(i, i + 1, self.random.choice(self.types))
            return
        seen = Counter(self.words[i] for i in np.flatnonzero(free) if self.words[i][:1].isalpha())
        words = sorted(word for word, number in seen.items() if number <= 60)
        self.random.shuffle(words)
        chosen, expected = {}, 0
        for word in words:  # each nearly always, and of one type
            if expected > count:
                break
            chosen[word] = self.random.choice(self.types)
            expected += .8 * seen[word]
        for i in np.flatnonzero(free):
            if self.words[i] in chosen and self.random.random() < .8:
                self.put(i, i + 1, chosen[self.words[i]])

    def make(self, kind, rate):
        if kind == "clean":
            return self.labels
        if kind.startswith("spurious"):
            self.add_spurious(kind, int(rate * len(self.entities)))
            return self.labels
        names = sorted({" ".join(self.words[s:e]) for s, e, _ in self.entities})
        forgotten = {name for name in names if self.random.random() < rate}
        for entity in self.entities:
            if kind == "missing words":
                wanted = " ".join(self.words[entity[0]:entity[1]]) in forgotten
                wanted = wanted and self.random.random() < .9
            else:
                wanted = self.random.random() < rate
            if wanted:
                self.hit(kind, entity)
        return self.labels


def shape(word):
    word = re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub(r"\d", "0", word)))
    return re.sub(r"(.)\1+", r"\1", word)


def features(words, lengths):
    """Hashed features of every token: itself, its neighbours, their shapes."""
    rows, start = [], 0
    for length in lengths:
        sentence = words[start:start + length]
        start += length
        for i, word in enumerate(sentence):
            row = ["bias", "w=" + word.lower(), "s=" + shape(word), "3=" + word[:3],
                   "-3=" + word[-3:], "-2=" + word[-2:]]
            for step in (-1, 1):
                near = sentence[i + step] if 0 <= i + step < len(sentence) else "#"
                row += [f"{step}w=" + near.lower(), f"{step}s=" + shape(near)]
            rows.append(row)
    return FeatureHasher(2 ** 18, input_type="string", alternate_sign=False).transform(rows)


def out_of_sample(matrix, labels, lengths, num_classes):
    """Probabilities of a linear model, each from one that has not seen the sentence."""
    sentence = np.repeat(np.arange(len(lengths)), lengths)
    fold = sentence // SENTENCES_IN_FOLD % FOLDS
    probs = np.zeros((len(labels), num_classes))
    for f in range(FOLDS):
        model = SGDClassifier(loss="log_loss", alpha=3e-6, max_iter=6, tol=None, random_state=0)
        model.fit(matrix[fold != f], labels[fold != f])
        part = 1 / (1 + np.exp(-model.decision_function(matrix[fold == f])))
        part /= part.sum(1, keepdims=True)
        probs[np.ix_(np.flatnonzero(fold == f), model.classes_)] = part
    return probs.astype(np.float32)
