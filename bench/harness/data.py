"""The one generator of benchmark data, and its cache of .npy files.

How long confident learning takes depends on the noise, so the noise is fixed: 10 % of the labels
are flipped, each to one of three classes that are easily confused with the true one. The model's
probabilities follow the true class, and lean a little towards those three.
"""

import json
import math
from dataclasses import asdict, dataclass

import numpy as np

FLIPPED = 0.10
NUM_CONFUSABLE = 3
SEED = 20240229
# Part of the cache's key: to be raised when the generator changes.
GENERATOR_VERSION = 3
BLOCK_ELEMENTS = 1 << 23


@dataclass(frozen=True)
class Shape:
    rows: int
    classes: int
    dtype: str = "float32"
    zipf: bool = False  # class sizes fall like 1/rank, as where there are very many classes

    @property
    def name(self):
        return f"{self.rows:,}×{self.classes:,}"

    @property
    def matrix_bytes(self):
        return self.rows * self.classes * np.dtype(self.dtype).itemsize


@dataclass(frozen=True)
class Files:
    shape: Shape
    labels: str
    pred_probs: str


def confusable_classes(classes, rng):
    """K×3: to which classes each class is flipped, never itself."""
    offsets = np.stack([
        rng.choice(classes - 1, size=NUM_CONFUSABLE, replace=False) + 1 for _ in range(classes)
    ])
    return (np.arange(classes)[:, None] + offsets) % classes


def generate_block(shape, rows, confusable, rng):
    """Given labels and probabilities of some rows."""
    k = shape.classes
    if shape.zipf:
        weights = 1 / np.arange(1, k + 1)
        true = rng.choice(k, size=rows, p=weights / weights.sum())
    else:
        true = rng.integers(k, size=rows)
    flipped = rng.random(rows) < FLIPPED
    wrong = confusable[true, rng.integers(NUM_CONFUSABLE, size=rows)]
    given = np.where(flipped, wrong, true)

    logits = rng.standard_normal((rows, k), dtype=np.float32)
    index = np.arange(rows)
    # About four fifths of the probability go to the true class, more or less of it by row.
    certainty = rng.normal(math.log(k) + 3, 1.5, size=rows)
    logits[index, true] += certainty.astype(np.float32)
    logits[index[:, None], confusable[true]] += np.float32(0.7 * math.log(k))
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return given, logits.astype(shape.dtype, copy=False)


def write_files(shape, labels_path, probs_path):
    """As np.save writes them, block by block. Not through a mapping: that would leave the file in the
    smallest pages of memory there are, from which every mapping of it is slow until it is read
    anew."""
    rng = np.random.default_rng([SEED, shape.rows, shape.classes])
    confusable = confusable_classes(shape.classes, rng)
    labels = np.empty(shape.rows, dtype=np.int64)
    step = max(1, BLOCK_ELEMENTS // shape.classes)
    with open(probs_path, "wb") as file:
        np.lib.format.write_array_header_1_0(file, {
            "descr": np.lib.format.dtype_to_descr(np.dtype(shape.dtype)), "fortran_order": False,
            "shape": (shape.rows, shape.classes)})
        for start in range(0, shape.rows, step):
            stop = min(start + step, shape.rows)
            labels[start:stop], probs = generate_block(shape, stop - start, confusable, rng)
            probs.tofile(file)
    np.save(labels_path, labels)


def files_of(shape, folder):
    """The .npy files of a shape, made when the cache does not have them."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{shape.rows}x{shape.classes}_{shape.dtype}"
    files = Files(shape, str(folder / f"{stem}_labels.npy"), str(folder / f"{stem}_probs.npy"))
    key = json.dumps({**asdict(shape), "version": GENERATOR_VERSION, "numpy": np.__version__})
    stamp = folder / f"{stem}.json"  # written last: its presence says that the files are whole
    if not stamp.exists() or stamp.read_text() != key:
        stamp.unlink(missing_ok=True)
        write_files(shape, files.labels, files.pred_probs)
        stamp.write_text(key)
    return files


def sentence_lengths(tokens, sentences):
    """Random lengths, none of them 0, that add up to all tokens."""
    rng = np.random.default_rng([SEED, tokens, sentences])
    cuts = np.sort(rng.choice(tokens - 1, size=sentences - 1, replace=False)) + 1
    return np.diff(np.concatenate([[0], cuts, [tokens]])).tolist()


CONLL_TAGS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG", "B-MISC", "I-MISC"]


def conll_of(files, lengths, folder):
    """The labels as a file of four columns; words are as long as those of English texts."""
    path = folder / f"{files.shape.rows}_{len(lengths)}.conll"
    key = json.dumps({**asdict(files.shape), "version": GENERATOR_VERSION})
    stamp = path.with_suffix(".conll.json")
    if not stamp.exists() or stamp.read_text() != key:
        stamp.unlink(missing_ok=True)
        rng = np.random.default_rng([SEED, files.shape.rows])
        letters = np.frombuffer(b"etaoinshrdlucmfwypvbgk", dtype="S1").astype(str)
        words = ["".join(rng.choice(letters, size=n)) for n in 1 + rng.poisson(4, size=20_000)]
        picked = rng.integers(len(words), size=files.shape.rows)
        labels = np.load(files.labels)
        row = 0
        with open(path, "w", encoding="utf-8") as out:
            for length in lengths:
                for token in range(row, row + length):
                    out.write(f"{words[picked[token]]} NNP I-NP {CONLL_TAGS[labels[token]]}\n")
                out.write("\n")
                row += length
        stamp.write_text(key)
    return str(path)


def sets_of(shape, folder):
    """Multi-label data: N×K label bytes, of which one in twenty is flipped, and probabilities of
    each class for itself. About three labels an example, whatever the number of classes."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"{shape.rows}x{shape.classes}_{shape.dtype}_sets"
    files = Files(shape, str(folder / f"{stem}_labels.npy"), str(folder / f"{stem}_probs.npy"))
    key = json.dumps({**asdict(shape), "version": GENERATOR_VERSION, "numpy": np.__version__})
    stamp = folder / f"{stem}.json"
    if not stamp.exists() or stamp.read_text() != key:
        stamp.unlink(missing_ok=True)
        rng = np.random.default_rng([SEED, shape.rows, shape.classes, 6])
        size = (shape.rows, shape.classes)
        true = rng.random(size) < 3 / shape.classes
        given = true ^ (rng.random(size) < 0.05 * np.where(true, 1, 3 / shape.classes))
        noise = rng.beta(0.8, 6, size)
        np.save(files.labels, given.astype(np.uint8))
        np.save(files.pred_probs, np.where(true, 1 - noise, noise).astype(shape.dtype))
        stamp.write_text(key)
    return files


def csv_of(files, folder):
    """The same data as a CSV file: label, p_0 … p_{K-1}; shortest text that reads back exactly."""
    import pandas

    path = folder / f"{files.shape.rows}x{files.shape.classes}.csv"
    stamp = path.with_suffix(".csv.json")
    key = json.dumps({**asdict(files.shape), "version": GENERATOR_VERSION})
    if not stamp.exists() or stamp.read_text() != key:
        stamp.unlink(missing_ok=True)
        probs = np.load(files.pred_probs)
        frame = pandas.DataFrame(probs, columns=[f"p_{k}" for k in range(probs.shape[1])])
        frame.insert(0, "label", np.load(files.labels))
        frame.to_csv(path, index=False)
        stamp.write_text(key)
    return str(path)
