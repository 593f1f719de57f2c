"""Tables of tokens, sentences and spans beside the command's: selections, scores, health, models,
logits, tokens that are left out, batches."""

import csv
import functools
import io

import numpy as np
import pytest
from tables import EXAMPLES, command, csv_of, json_of, sentences, without

import labelsieve

CORPUS = EXAMPLES / "sentences.conll"
PROBS = EXAMPLES / "sentences_probs.npy"
FINDS = {
    "token": labelsieve.find_token_issues,
    "sentence": labelsieve.find_sentence_issues,
    "span": labelsieve.find_span_issues,
}
FILTER = {"filter_by": "prune_by_noise_rate"}
METHOD = {"method": "normalized_margin"}


def rows_of(table):
    return list(csv.reader(io.StringIO(csv_of(table))))


def written(subcommand, *flags, probs=PROBS, corpus=CORPUS):
    """The command's rows but for lines, which files have."""
    text = command(subcommand, corpus, "--pred-probs", probs, *flags)
    return without(text, "source_line")


def flags_of(options):
    """Options of Python as those of the command."""
    flags = []
    for name, value in options.items():
        flag = "--" + {"classes": "class"}.get(name, name).replace("_", "-")
        if name == "exclude":
            value = [":".join(pair) for pair in value]
        for one in value if isinstance(value, list) else [value]:
            flags += [flag, one]
    return flags


@pytest.mark.parametrize("by", FINDS)
@pytest.mark.parametrize(
    "options",
    [
        {},
        FILTER | METHOD,
        FILTER,
        METHOD,
        {"threshold": 0.2},
        {"word": ["the", "WASHINGTON"]},
        {"top": 3},
        {"sentence_method": "softmin", "temperature": 0.2},
        {"sentence_method": "mean"},
        {"sentence_method": "expected_errors"},
        {"sentence_method": "bad_token_fraction", "bad_score": 0.3},
        FILTER | METHOD | {"sentence_method": "mean", "threshold": 0.6},
        {"scheme": "iob1"},
    ],
)
def test_finds_are_the_commands(by, options):
    tags, pred_probs, words, names = sentences()
    if "word" in options:
        options = options | {"word": [words[0][0], words[1][1].upper()]}
    if by == "token":
        pooling = ("sentence_method", "temperature", "bad_score")
        options = {name: value for name, value in options.items() if name not in pooling}
    table = FINDS[by](tags, pred_probs, class_names=names, words=words, **options)
    assert rows_of(table) == written("find", "--by", by, *flags_of(options))


@pytest.mark.parametrize(
    ("by", "options"),
    [
        ("token", {"classes": ["B-PER", "O"]}),
        ("token", {"exclude": [("O", "B-PER"), ("B-ORG", "B-LOC")]}),
        ("token", {"below": 0.05}),
        ("token", {"below": 0.3, **METHOD}),
        ("sentence", {"classes": ["B-PER"]}),
        ("sentence", {"exclude": [("O", "B-PER")]}),
        ("sentence", {"below": 0.3}),
        ("span", {"classes": ["PER", "O"]}),
        ("span", {"exclude": [("PER", "ORG"), ("O", "PER")]}),
    ],
)
def test_selections_are_the_commands(by, options):
    tags, pred_probs, words, names = sentences()
    everything = FINDS[by](tags, pred_probs, class_names=names, words=words)
    table = FINDS[by](tags, pred_probs, class_names=names, words=words, **options)
    assert rows_of(table) == written("find", "--by", by, *flags_of(options))
    assert csv_of(table) != csv_of(everything)


@pytest.mark.parametrize("by", FINDS)
def test_what_was_checked_is_left_out_as_the_command_does(by, tmp_path):
    tags, pred_probs, words, names = sentences()
    found = labelsieve.find_token_issues(tags, pred_probs, class_names=names, words=words)
    places = list(zip(found["sentence"].tolist(), found["token"].tolist()))
    entries = [f"{sentence}:{token}" for sentence, token in places[:5]] + [str(places[7][0])]
    (tmp_path / "ignore").write_text("\n".join(entries))
    wanted = written("find", "--by", by, "--ignore", tmp_path / "ignore")
    for ignore in (entries, [*places[:5], places[7][0]]):
        table = FINDS[by](tags, pred_probs, class_names=names, words=words, ignore=ignore)
        assert rows_of(table) == wanted
    if by == "sentence":
        options = {"class_names": names, "words": words, "below": 0.3}
        whole = labelsieve.find_sentence_issues(tags, pred_probs, **options)
        sentence = int(whole["sentence"][0])
        (tmp_path / "ignore").write_text(f"{sentence}\n")
        table = labelsieve.find_sentence_issues(tags, pred_probs, ignore=[sentence], **options)
        assert len(table) == len(whole) - 1
        flags = ["--below", 0.3, "--ignore", tmp_path / "ignore"]
        assert rows_of(table) == written("find", "--by", by, *flags)
    for wrong, message in (("99999", "no sentence"), ((0, 999), "no token"), ("a:b", "no pair")):
        with pytest.raises(ValueError, match=message):
            FINDS[by](tags, pred_probs, class_names=names, words=words, ignore=[wrong])


@pytest.mark.parametrize("by", FINDS)
@pytest.mark.parametrize("options", [{}, FILTER | METHOD, FILTER, METHOD])
def test_scores_are_the_commands(by, options):
    tags, pred_probs, words, names = sentences()
    table = labelsieve.score_token_labels(
        tags, pred_probs, by=by, class_names=names, words=words, **options
    )
    assert rows_of(table) == written("score", "--by", by, *flags_of(options))
    assert len(table.mask) == sum(map(len, tags))


@pytest.mark.parametrize(
    "options", [{}, FILTER | METHOD, {"classes": ["B-PER"]}, {"below": 0.05}, {"threshold": 0.01}]
)
def test_health_is_the_commands(options):
    tags, pred_probs, words, names = sentences()
    table = labelsieve.token_health(tags, pred_probs, class_names=names, words=words, **options)
    arguments = [CORPUS, "--pred-probs", PROBS, *flags_of(options)]
    assert csv_of(table) == command("health", *arguments)
    done = json_of("health", *arguments)
    assert table.overall_label_health_score == done["overall_label_health_score"]
    for name in ("common_words", "common_word_pairs", "common_pairs", "overlapping_classes"):
        assert list(getattr(table, name)) == done[name]
    bare = labelsieve.token_health(tags, pred_probs, class_names=names)
    assert bare.common_words is None and len(bare.common_pairs) > 0


def summaries():
    tags, pred_probs, words, names = sentences()
    for by, find in FINDS.items():
        table = find(tags, pred_probs, class_names=names, words=words, top=2)
        done = json_of("find", CORPUS, "--pred-probs", PROBS, "--by", by, "--top", 2)
        yield table.summary, done["summary"]


def test_summaries_have_the_commands_numbers():
    for ours, theirs in summaries():
        for name in ("num_examples", "num_skipped", "num_classes", "class_names", "num_sentences",
                     "num_tokens", "scheme", "num_flagged", "num_issues", "num_listed",
                     "expected_errors"):  # fmt: skip
            assert ours[name] == theirs[name], name
        assert ours.get("num_given_spans") == theirs.get("num_given_spans")


def changed(tmp_path, change):
    """A matrix of all tokens with another beside it, saved; lists of sentences of both."""
    first = np.load(PROBS)
    other = change(first.copy())
    np.save(tmp_path / "other.npy", other)
    ends = np.cumsum([len(sentence) for sentence in sentences()[0]])[:-1]
    return first, other, np.split(other, ends), tmp_path / "other.npy"


def blurred(matrix):
    mixed = matrix + np.random.default_rng(1).random(matrix.shape).astype(matrix.dtype) * 0.2
    return mixed / mixed.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("by", FINDS)
@pytest.mark.parametrize("options", [{}, FILTER | {"method": "self_confidence"}])
def test_models_are_the_commands(by, options, tmp_path):
    tags, pred_probs, words, names = sentences()
    first, other, parts, file = changed(tmp_path, blurred)
    table = FINDS[by](
        tags, [pred_probs, parts], class_names=names, words=words,
        ensemble_weights="uniform", **options
    )  # fmt: skip
    flags = ["--pred-probs", file, "--ensemble-weights", "uniform", *flags_of(options)]
    assert rows_of(table) == written("find", "--by", by, *flags)
    assert table.summary["ensemble_weights"] == [0.5, 0.5]
    flat = [tag for sentence in tags for tag in sentence]
    lengths = [len(sentence) for sentence in tags]
    again = FINDS[by](
        flat, [first, other], class_names=names, words=words, lengths=lengths,
        ensemble_weights="uniform", **options
    )  # fmt: skip
    assert csv_of(again) == csv_of(table)


@pytest.mark.parametrize("by", FINDS)
def test_logits_are_the_commands(by, tmp_path):
    tags, _, words, names = sentences()
    logits = changed(tmp_path, lambda matrix: np.log(matrix.astype(np.float64) + 1e-6) * 1.2)
    for given in (logits[2], [part.tolist() for part in logits[2]]):
        table = FINDS[by](tags, given, class_names=names, words=words, logits=True)
        assert rows_of(table) == written("find", "--by", by, "--logits", probs=logits[3])


def test_logits_of_sub_words_are_pooled_after_the_softmax():
    rng = np.random.default_rng(2)
    logits = rng.normal(size=(6, 5, 3)) * 3
    ids = [[None, 0, 0, 1, None]] * 6
    labels = rng.integers(0, 3, (6, 2)).tolist()
    exponentials = np.exp(logits - logits.max(axis=2, keepdims=True))
    softmax = exponentials / exponentials.sum(axis=2, keepdims=True)
    options = {"word_ids": ids, "subword_pooling": "mean"}
    table = labelsieve.score_token_labels(labels, logits, logits=True, **options)
    wanted = labelsieve.score_token_labels(labels, softmax, **options)
    assert np.allclose(table["label_quality"], wanted["label_quality"], rtol=1e-12)
    skipping = labelsieve.score_token_labels(
        labels, logits, logits=True, skip_invalid=True, **options
    )
    assert np.allclose(skipping["label_quality"], wanted["label_quality"], rtol=1e-12)


def sub_words(seed, labels, matrix):
    """(word ids, rows of sub-words) of some sentences, special tokens around each; the rows of a
    word are all its own."""
    rng = np.random.default_rng(seed)
    ids, rows = [], []
    for sentence, words in zip(labels, matrix):
        places = np.repeat(np.arange(len(sentence)), rng.integers(1, 4, len(sentence)))
        special = np.full((1, words.shape[1]), 1 / words.shape[1])
        rows.append(np.concatenate([special, words[places], special]))
        ids.append([None, *places.tolist(), None])
    return ids, rows


@pytest.mark.parametrize("by", FINDS)
def test_sub_words_may_be_left_out_averaged_and_in_batches(by):
    rng = np.random.default_rng(8)
    labels = [rng.integers(0, 4, size).tolist() for size in rng.integers(1, 9, 60)]
    words = [rng.dirichlet(np.ones(4), len(sentence)) for sentence in labels]
    others = [rng.dirichlet(np.ones(4), len(sentence)) for sentence in labels]
    ids, rows = sub_words(1, labels, words)
    names = ["O", "B-X", "I-X", "B-Y"]
    find = functools.partial(FINDS[by], class_names=names)

    def parts():
        for start in range(0, 60, 25):
            part = slice(start, start + 25)
            yield labels[part], rows[part], {"word_ids": ids[part]}
        yield [], [], {"word_ids": []}

    whole = find(labels, words)
    assert rows_of(find(labelsieve.Batches(parts))) == rows_of(whole)
    models = {"ensemble_weights": [1, 2]}
    _, other_rows = sub_words(1, labels, others)
    both = find(labels, [rows, other_rows], word_ids=ids, **models)
    assert rows_of(both) == rows_of(find(labels, [words, others], **models))

    labels[3][0] = 9
    words[7][0] = np.nan
    words[8][-1] = 3
    ids, rows = sub_words(1, labels, words)
    table = find(labels, rows, word_ids=ids, skip_invalid=True)
    assert table.summary["num_skipped"] == 3
    assert rows_of(table) == rows_of(find(labels, words, skip_invalid=True))
    with pytest.raises(ValueError, match="no other form"):
        find(labels, rows, word_ids=ids, lengths=[1] * 60, skip_invalid=True)


@pytest.mark.parametrize("by", FINDS)
def test_tokens_that_cannot_be_used_are_left_out(by, tmp_path):
    tags, _, words, names = sentences()

    def spoil(matrix):
        matrix[4, 0], matrix[60, 1] = np.nan, 2
        return matrix

    _, other, parts, file = changed(tmp_path, spoil)
    tags[3][1] = "NONSENSE"
    lines = [[f"{word} {tag}" for word, tag in zip(*pair)] for pair in zip(words, tags)]
    corpus = tmp_path / "spoilt.conll"
    corpus.write_text("\n\n".join("\n".join(sentence) for sentence in lines) + "\n")
    options = {"class_names": names, "words": words, "skip_invalid": True}
    flags = ["--by", by, "--skip-invalid", "--class-names", ",".join(names)]
    table = FINDS[by](tags, parts, **options)
    assert rows_of(table) == written("find", *flags, probs=file, corpus=corpus)
    assert table.summary["num_skipped"] == 3
    scores = labelsieve.score_token_labels(tags, parts, by=by, **options)
    assert rows_of(scores) == written("score", *flags, probs=file, corpus=corpus)
    health = labelsieve.token_health(tags, parts, **options)
    wanted = command("health", corpus, "--pred-probs", file, *flags[2:])
    assert csv_of(health) == wanted
    with pytest.raises(ValueError):
        FINDS[by](tags, parts, class_names=names, words=words)


def ragged(seed=0, size=40, num_classes=4):
    """(labels, probabilities) of sentences of any length, with -100 here and there."""
    rng = np.random.default_rng(seed)
    labels, pred_probs = [], []
    for length in rng.integers(0, 9, size):
        rows = rng.random((length, num_classes)) ** 3
        given = rng.integers(0, num_classes, length)
        rows[np.arange(length), given] += rng.random(length) * 3
        given[rng.random(length) < 0.1] = -100
        labels.append(given.tolist())
        pred_probs.append(rows / rows.sum(axis=1, keepdims=True))
    return labels, pred_probs


FUNCTIONS = (*FINDS.values(), labelsieve.score_token_labels, labelsieve.token_health)


@pytest.mark.parametrize("function", FUNCTIONS[:2] + FUNCTIONS[3:])
@pytest.mark.parametrize("size", [1, 7, 100])
def test_batches_are_the_whole(function, size):
    labels, pred_probs = ragged()

    def read():
        for start in range(0, len(labels), size):
            yield labels[start : start + size], pred_probs[start : start + size]

    def read_flat():
        for given, rows in read():
            lengths = [len(sentence) for sentence in given]
            flat = np.concatenate([np.asarray(part, dtype=np.int64) for part in given])
            yield flat, np.concatenate(rows), {"lengths": lengths}

    for options in ({}, {"filter_by": "both", "method": "normalized_margin"}):
        whole = function(labels, pred_probs, **options)
        for batches in (read, read_flat):
            table = function(labelsieve.Batches(batches), **options)
            assert csv_of(table) == csv_of(whole)
            assert table.summary == whole.summary
            assert np.array_equal(table.mask, whole.mask)


def test_batches_with_tags_and_words():
    tags, pred_probs, words, names = sentences()
    batches = [(tags[:11], pred_probs[:11]), (tags[11:], pred_probs[11:])]
    for by, find in FINDS.items():
        table = find(labelsieve.Batches(batches), class_names=names, words=words)
        whole = find(tags, pred_probs, class_names=names, words=words)
        assert csv_of(table) == csv_of(whole), by
    broken = labelsieve.Batches([batches[0], ([["NONSENSE"]], [pred_probs[0][:1]])])
    with pytest.raises(ValueError, match="batch 1: .*NONSENSE"):
        labelsieve.find_token_issues(broken, class_names=names)


def test_all_forms_are_one():
    labels, pred_probs = ragged(3)
    longest = max(map(len, labels))
    padded = np.zeros((len(labels), longest), dtype=np.int64)
    rows = np.full((len(labels), longest, 4), np.nan)
    mask = np.zeros(padded.shape, dtype=bool)
    for place, (given, part) in enumerate(zip(labels, pred_probs)):
        padded[place, : len(given)], rows[place, : len(given)] = given, part
        mask[place, : len(given)] = True
    lengths = np.asarray([len(given) for given in labels])
    flat = np.concatenate([np.asarray(given, dtype=np.int64) for given in labels])
    matrix = np.concatenate(pred_probs)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    forms = [
        (labels, pred_probs, {}),
        (flat, matrix, {"offsets": offsets}),
        (flat, matrix, {"lengths": lengths}),
        (padded, rows, {"lengths": lengths}),
        (padded, rows, {"mask": mask}),
    ]
    wanted = labelsieve.score_token_labels(labels, pred_probs)
    for given, part, form in forms:
        for options in ({}, {"skip_invalid": True}):
            table = labelsieve.score_token_labels(given, part, **form, **options)
            assert csv_of(table) == csv_of(wanted)
        table = labelsieve.find_token_issues(given, [part, part], ensemble_weights=[1, 3], **form)
        alone = labelsieve.find_token_issues(given, part, **form)
        assert table["token"].tolist() == alone["token"].tolist()


@pytest.mark.parametrize("options", [{}, {"scheme": "iobes"}, {"word": "de"}, {"top": 1}])
def test_transitions_are_the_commands(options, tmp_path):
    names = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
    tags = [
        ["O", "I-PER", "I-PER", "O"],
        ["B-PER", "I-LOC", "O", "B-LOC"],
        ["I-LOC", "O"],
        ["B-LOC", "I-LOC", "O"],
    ]
    words = [["x", "de", "y", "z"], ["de", "a", "b", "c"], ["d", "e"], ["f", "De", "g"]]
    corpus = tmp_path / "tags.conll"
    pairs = [[f"{word} {tag}" for word, tag in zip(*pair)] for pair in zip(words, tags)]
    corpus.write_text("\n\n".join("\n".join(sentence) for sentence in pairs) + "\n")
    flags = ["--by", "transition", "--class-names", ",".join(names), *flags_of(options)]
    wanted = list(csv.DictReader(io.StringIO(command("find", corpus, *flags))))
    for given in (tags, [[names.index(tag) for tag in sentence] for sentence in tags]):
        table = labelsieve.find_transition_issues(
            given, class_names=names, words=words, **options
        )
        found = list(csv.DictReader(io.StringIO(csv_of(table))))
        assert found == [{name: row[name] for name in table.columns} for row in wanted]
        assert table.mask.sum() == table.num_issues >= len(table) > 0
    clean = labelsieve.find_transition_issues([["O"], []], class_names=names)
    assert len(clean) == 0 and clean.num_issues == 0


def test_mistakes_are_named():
    labels, pred_probs = ragged()
    with pytest.raises(TypeError, match="unknown argument 'offset'"):
        labelsieve.find_token_issues(labels, pred_probs, offset=[0])
    with pytest.raises(ValueError, match="give words"):
        labelsieve.find_token_issues(labels, pred_probs, word="Rome")
    with pytest.raises(ValueError, match="class_names must be"):
        labelsieve.score_token_labels(labels, pred_probs, by="span")
    with pytest.raises(ValueError, match="by must be"):
        labelsieve.score_token_labels(labels, pred_probs, by="document")
    with pytest.raises(ValueError, match="leave one"):
        labelsieve.find_sentence_issues(labels, pred_probs, below=0.1, classes=[1])
    with pytest.raises(TypeError, match="each model's"):
        labelsieve.find_token_issues(labels, np.zeros((3, 2)), ensemble_weights="uniform")
    tags, pred_probs, words, names = sentences()
    with pytest.raises(ValueError, match="no token is 'Xanadu'"):
        labelsieve.find_token_issues(
            tags, pred_probs, class_names=names, words=words, word="Xanadu"
        )
    with pytest.raises(ValueError, match="no type of spans is named 'B-PER'"):
        labelsieve.find_span_issues(tags, pred_probs, class_names=names, classes="B-PER")

