"""Whether two results are the same: arrays, tables, and lists and tuples of them."""

import numpy as np
import pandas as pd


def same(ours, theirs, tolerance=1e-12):
    """Fails where the results differ in type, shape or value."""
    if isinstance(theirs, pd.DataFrame):
        pd.testing.assert_frame_equal(ours, theirs, rtol=tolerance, atol=tolerance)
    elif isinstance(theirs, pd.Series):
        pd.testing.assert_series_equal(ours, theirs, rtol=tolerance, atol=tolerance)
    elif isinstance(theirs, np.ndarray):
        assert isinstance(ours, np.ndarray) and ours.shape == theirs.shape
        if theirs.dtype.kind == "f":
            np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)
        else:
            np.testing.assert_array_equal(ours, theirs)
    elif isinstance(theirs, (list, tuple)) and not isinstance(theirs, str):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs):
            same(one, other, tolerance)
    elif isinstance(theirs, dict):
        assert ours.keys() == theirs.keys()
        for key, value in theirs.items():
            same(ours[key], value, tolerance)
    elif isinstance(theirs, float):
        assert abs(ours - theirs) <= tolerance
    else:
        assert ours == theirs
