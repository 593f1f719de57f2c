"""labelsieve.token_classification.summary against cleanlab.token_classification.summary."""

import re

import cleanlab.token_classification.summary as reference
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from token_cases import make_tokens, token_data, words_of

from labelsieve.token_classification import filter as our_filter
from labelsieve.token_classification import summary as ours

pytestmark = pytest.mark.filterwarnings("ignore:May not flag")

NOTICE = re.compile(r"Classes (are shown|will be printed)[^:]*?\.\s+(Specify[^.]*\.\s+)?")


def printed(capsys, function, *arguments, **options):
    capsys.readouterr()
    function(*arguments, **options)
    return NOTICE.sub("", capsys.readouterr().out).rstrip("\n")


def case(seed=0):
    labels, pred_probs = make_tokens(seed, 40, 4)
    return our_filter.find_label_issues(labels, pred_probs), labels, pred_probs, words_of(labels)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("with_labels", [True, False])
@pytest.mark.parametrize("with_pred_probs", [True, False])
@pytest.mark.parametrize("top", [1, 7, 1000])
def test_display(capsys, named, with_labels, with_pred_probs, top):
    issues, labels, pred_probs, words = case()
    options = {
        "labels": labels if with_labels else None,
        "pred_probs": pred_probs if with_pred_probs else None,
        "class_names": ["O", "B-PER", "I-PER", "LOC"] if named else None,
        "top": top,
    }
    mine = printed(capsys, ours.display_issues, issues, words, **options)
    assert mine == printed(capsys, reference.display_issues, issues, words, **options)
    assert mine.count("Sentence index: ") == min(top, len(issues))


def test_display_of_sentences(capsys):
    _, _, _, words = case()
    for issues in ([3, 1, 2], np.array([5, 6])):
        mine = printed(capsys, ours.display_issues, issues, words)
        assert mine == printed(capsys, reference.display_issues, issues, words)


def test_display_without_pairs(capsys):
    issues, labels, pred_probs, words = case()
    pairs = {(labels[i][j], int(pred_probs[i][j].argmax())) for i, j in issues}
    some = sorted(pairs)[::2]
    options = {"labels": labels, "pred_probs": pred_probs, "exclude": some}
    mine = printed(capsys, ours.display_issues, issues, words, **options)
    assert mine == printed(capsys, reference.display_issues, issues, words, **options)
    options["exclude"] = sorted(pairs)
    assert printed(capsys, ours.display_issues, issues, words, **options) == ""
    assert printed(capsys, ours.display_issues, [], words) == ""


def test_a_word_that_is_special_in_patterns(capsys):
    words = [["a\\1", "C++", "(", "x", ")", "'s", "-", "?"]]
    for j in (0, 1, 3, 7):
        text = printed(capsys, ours.display_issues, [(0, j)], words)
        assert f"\x1b[31m{words[0][j]}\x1b[0m" in text
    assert text.splitlines()[-1].startswith("a\\1 C++ (x)'s -")


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("verbose", [True, False])
@given(data=token_data([np.float64]), top=st.integers(0, 12))
def test_common_issues(named, verbose, data, top):
    labels, pred_probs = data
    words = words_of(labels)
    issues = our_filter.find_label_issues(labels, pred_probs)
    options = {"top": top, "verbose": verbose}
    if issues:
        mine = ours.common_label_issues(issues, words, **options)
        pd.testing.assert_frame_equal(mine, reference.common_label_issues(issues, words, **options))
    names = [f"c{k}" for k in range(pred_probs[0].shape[1])] if named else None
    options |= {"labels": labels, "pred_probs": pred_probs, "class_names": names}
    for exclude in ([], [(0, 1), (1, 0)]):
        mine = ours.common_label_issues(issues + issues[:3], words, exclude=exclude, **options)
        theirs = reference.common_label_issues(
            issues + issues[:3], words, exclude=exclude, **options
        )
        pd.testing.assert_frame_equal(mine, theirs, check_dtype=len(theirs) > 0)


def test_common_issues_are_printed(capsys):
    issues, labels, pred_probs, words = case()
    frame = ours.common_label_issues(issues, words, top=2)
    text = capsys.readouterr().out
    assert text.count("potential label issues") == 2
    assert repr(frame["token"][0]) in text and f": {frame['num_label_issues'][0]} " in text
    ours.common_label_issues(issues, words, labels=labels, pred_probs=pred_probs, verbose=False)
    assert "times" not in capsys.readouterr().out
    ours.common_label_issues(issues, words, labels=labels, pred_probs=pred_probs)
    assert "times" in capsys.readouterr().out


def test_filter_by_token():
    issues, _, _, words = case()
    for token in ("rome", "ROME", "u.s.", "absent"):
        mine = ours.filter_by_token(token, issues, words)
        assert mine == reference.filter_by_token(token, issues, words)
    assert ours.filter_by_token("Rome", issues, words)
