"""The embedded data are the real ones: published hashes, counts, first values."""

import hashlib
import re

import numpy as np
import pytest

from kerastutor import datasets
from kerastutor.datasets import embedded

SHA256 = {
    "breast_cancer.csv": "fed3eb72d0575ef6192293f5093c6e801b1476b577d0386bf4455504522172ed",
    "segment.csv.zip": "91e4402efcb6f6a4087e4bcfcd074976dd8e48819d290f45bae6bd652bd16d75",
    "sunspots.csv": "f67889b1d9002cd5227f0e0ef54e35b419cdd85a31279adef6f73fb41e5c0a9b",
    "co2.csv": "16695fa2786e53414e5a6b54767a3fdf5de99cfbc68617f69d1362d92776a92f",
    "alice29.txt": "7467306ee0feed4971260f3c87421154a05be571d944e9cb021a5713700c38f0",
}


def test_files_are_whole_and_their_licences_lie_beside_them():
    names = {path.name for path in embedded.DATA.iterdir()} - {"LICENSES.md"}
    assert names == set(SHA256)
    text = (embedded.DATA / "LICENSES.md").read_text(encoding="utf-8")
    for name, sha in SHA256.items():
        assert hashlib.sha256(embedded.read(name)).hexdigest() == sha
        assert f"| {name} | `{sha}` |" in text and f": `{name}`" in text


def test_a_missing_file_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(embedded, "DATA", tmp_path)
    with pytest.raises(FileNotFoundError, match="Install kerastutor again"):
        datasets.alice.load_data()


def test_breast_cancer():
    x, y = datasets.breast_cancer.load_data()
    assert x.shape == (569, 30) and x.dtype == "float64" and y.dtype == "int64"
    assert np.bincount(y).tolist() == [212, 357]
    names = list(datasets.breast_cancer.get_feature_names())
    assert len(set(names)) == 30
    least_and_most = {  # UCI's summary
        "mean radius": (6.981, 28.11), "mean texture": (9.71, 39.28), "mean area": (143.5, 2501),
        "worst concave points": (0, 0.291), "area error": (6.802, 542.2), "worst symmetry": (0.156, 0.664),
    }
    for name, (least, most) in least_and_most.items():
        column = x[:, names.index(name)]
        assert (round(column.min(), 3), round(column.max(), 3)) == pytest.approx((least, most), abs=6e-4)


def test_segment():
    x, y = datasets.segment.load_data()
    assert x.shape == (2310, 18) and np.isfinite(x).all() and y.dtype == "int64"
    assert np.bincount(y).tolist() == [330] * 7
    assert len(datasets.segment.get_feature_names()) == 18
    names = datasets.segment.get_label_names()
    assert sorted(names) == ["brickface", "cement", "foliage", "grass", "path", "sky", "window"]
    assert names[y[0]] == "path" and names[y[1]] == "foliage"  # the first lines of the file


def test_series():
    years, spots = datasets.sunspots.load_data()
    assert years.tolist() == list(range(1700, 2009)) and spots[:3].tolist() == [5, 11, 16]
    dates, ppm = datasets.co2.load_data()
    assert len(dates) == 2284 and (~np.isnan(ppm)).sum() == 2225  # statsmodels counts 2225 observations
    assert str(dates[0]) == "1958-03-29" and str(dates[-1]) == "2001-12-29" and ppm[0] == 316.1 and ppm[-1] == 371.5
    assert set(np.diff(dates).astype(int)) == {7}


def test_alice():
    text = datasets.alice.load_data()
    assert len(text) == 148480 and len(set(text)) == 72 and len(set(text.lower())) == 46 and "\r" not in text
    assert "Alice was beginning to get very tired" in re.sub(r"\s+", " ", text)


def test_tic_tac_toe():
    x, y = datasets.tic_tac_toe.load_data()
    assert x.dtype == "int8" and np.bincount(y).tolist() == [16, 626, 316]
    assert len(np.unique(x, axis=0)) == 958
    squares = x.reshape(-1, 3, 3)
    diagonals = [squares.trace(axis1=1, axis2=2), squares[:, :, ::-1].trace(axis1=1, axis2=2)]
    sums = np.concatenate([squares.sum(1), squares.sum(2), np.stack(diagonals, 1)], axis=1)
    assert ((sums == 3).any(1) == (y == 1)).all() and ((sums == -3).any(1) == (y == 2)).all()
    assert set((x.sum(1)).tolist()) <= {0, 1} and (x[y == 0] != 0).all()
