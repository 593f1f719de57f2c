"""Token datasets whose errors are known: with real noise, and with noise of a known kind."""

from collections import namedtuple

import numpy as np

import token_noise

Tokens = namedtuple("Tokens", "name labels truth pred_probs lengths words classes documents")


def read_real(folder):
    """A folder of LABELSIEVE_REAL_NOISE with sentences; their documents by sentence, or none."""
    labels = np.load(folder / "labels.npy").astype(np.int64)
    lengths = np.load(folder / "sentence_lengths.npy").astype(np.int64)
    lengths = lengths[lengths > 0]
    words = (folder / "tokens.txt").read_text(encoding="utf-8").split("\n")[:len(labels)]
    documents = []
    if (folder / "document.npy").exists():
        documents = np.load(folder / "document.npy")[np.cumsum(lengths) - lengths].tolist()
    return Tokens(folder.name, labels, np.load(folder / "true_labels.npy").astype(np.int64),
                  np.clip(np.load(folder / "pred_probs.npy"), 0, 1), lengths, words,
                  (folder / "classes.txt").read_text().split(), documents)


def read_conll(path):
    """(words, labels, lengths, classes) of a file with a word and a tag a line."""
    words, tags, lengths = [], [], [0]
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            lengths.append(0)
            continue
        word, tag = line.split("\t")[:2]
        words.append(word)
        tags.append(tag)
        lengths[-1] += 1
    classes = ["O"] + sorted(set(tags) - {"O"})
    labels = np.array([classes.index(tag) for tag in tags])
    return words, labels, np.array([length for length in lengths if length > 0]), classes


def with_noise(name, words, truth, lengths, classes):
    """The text once for every kind of noise, each with a model that was trained on it."""
    matrix = token_noise.features(words, lengths)
    for kind, rate in token_noise.KINDS:
        labels = token_noise.Noise(truth, lengths, words, classes).make(kind, rate)
        probs = token_noise.out_of_sample(matrix, labels, lengths, len(classes))
        title = f"{name}, {kind} {rate:.0%}" if rate else f"{name}, {kind}"
        yield Tokens(title, labels, truth, probs, lengths, words, classes, [])


def find(real_noise, corpora):
    """All that there is in the two folders, one after another."""
    folders = sorted(path.parent for path in real_noise.glob("*/sentence_lengths.npy"))
    for folder in folders:
        yield read_real(folder)
    for folder in folders:
        if folder.name.startswith("conll"):
            clean = read_real(folder)
            yield from with_noise("conll", clean.words, clean.truth, clean.lengths, clean.classes)
    path = corpora / "wnut17/wnut17train.conll"
    if path.exists():
        words, truth, lengths, classes = read_conll(path)
        yield from with_noise("wnut17", words, truth, lengths, classes)
