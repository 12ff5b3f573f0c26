"""Datasets made of files in folders and of series: batch by batch as real Keras makes them, with Grain."""

import os

import numpy as np
import pytest

from kerastutor import keras
from tests.keras.oracle import array, real

pytest.importorskip("grain", reason="real Keras makes datasets with Grain or TensorFlow")


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Three folders of pictures of several kinds, sizes and colours; one of them deeper, and files of no picture."""
    from PIL import Image

    rng, root = np.random.default_rng(3), tmp_path_factory.mktemp("pictures")
    for folder, count in (("cats", 5), ("ants/young", 4), ("ants", 3), ("b dogs", 6), (".hidden", 2)):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for i in range(count):
            pixels = rng.integers(0, 256, (6, 9 - i % 2, 3)).astype("uint8")
            ending = ("png", "jpg", "BMP", "gif", "jpeg")[i % 5]
            Image.fromarray(pixels).convert("L" if i == 1 else "RGB").save(root / folder / f"{9 - i}.{ending}")
        (root / folder / "notes.md").write_text("no picture")
    return root


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    root = tmp_path_factory.mktemp("texts")
    for folder, count in (("good", 5), ("bad", 4)):
        (root / folder).mkdir()
        for i in range(count):
            (root / folder / f"{i}.txt").write_text(f"{folder} thing number {i} " * (i + 1))
    return root


def plain(element):
    """NumPy arrays of what either library gives; texts are arrays of objects."""
    if isinstance(element, str) or isinstance(element, (tuple, list)) and all(isinstance(e, str) for e in element):
        return np.array(element, dtype=object)
    return [plain(part) for part in element] if isinstance(element, (tuple, list)) else array(element)


def compare(ours, theirs):
    ours, theirs = [plain(e) for e in ours], [plain(e) for e in theirs]
    assert len(ours) == len(theirs) > 0
    for a, b in zip(ours, theirs):
        for x, y in zip(a, b, strict=True) if isinstance(a, list) else [(a, b)]:
            assert x.shape == y.shape
            assert x.dtype == y.dtype
            if x.dtype == object:
                assert x.tolist() == y.tolist()
            else:
                np.testing.assert_allclose(x, y, atol=2e-3)  # of 255


def by_both(name, *args, **options):
    return [
        getattr(library.utils, name)(*args, **options, **more)
        for library, more in ((keras, {}), (real(), {"format": "grain"}))
    ]


@pytest.mark.parametrize("options", [
    {}, dict(label_mode="categorical"), dict(label_mode=None), dict(labels=None), dict(batch_size=None),
    dict(color_mode="grayscale"), dict(color_mode="rgba", batch_size=4), dict(image_size=7),
    dict(class_names=["cats", "ants"], label_mode="binary"), dict(class_names=["cats"]), dict(labels=list(range(20))),
    dict(interpolation="nearest"), dict(interpolation="bicubic"), dict(interpolation="lanczos3"),
    dict(crop_to_aspect_ratio=True), dict(pad_to_aspect_ratio=True), dict(data_format="channels_first"),
    dict(validation_split=0.3, subset="training"), dict(validation_split=0.3, subset="validation"),
], ids=str)
def test_pictures(options, pictures, capsys):
    settings = dict(shuffle=False, image_size=(5, 6), batch_size=8) | options
    ours, theirs = by_both("image_dataset_from_directory", pictures, **settings)
    said = capsys.readouterr().out.splitlines()
    assert said[: len(said) // 2] == said[len(said) // 2 :] and "Found" in said[0]
    assert ours.class_names == theirs.class_names and ours.file_paths == [str(p) for p in theirs.file_paths]
    compare(ours, theirs)


@pytest.mark.parametrize("name", ["image_dataset_from_directory", "text_dataset_from_directory"])
def test_both_parts_shuffled(name, pictures, texts):
    folder = pictures if name.startswith("image") else texts
    settings = dict(validation_split=0.4, subset="both", seed=5, batch_size=3, verbose=False)
    if folder == pictures:
        settings["image_size"] = (4, 4)
    ours, theirs = by_both(name, folder, **settings)
    for a, b in zip(ours, theirs, strict=True):
        assert a.file_paths == getattr(b, "file_paths", a.file_paths) and a.class_names == b.class_names
    compare(ours[1], theirs[1])  # the second part is not shuffled at each pass
    labels = [np.concatenate([plain(y) for _, y in part]) for part in (ours[0], theirs[0])]
    assert sorted(labels[0]) == sorted(labels[1])


def test_shuffled_pictures_keep_their_labels_and_come_in_another_order_each_time(pictures):
    make = lambda **more: keras.utils.image_dataset_from_directory(
        pictures, image_size=(4, 4), batch_size=None, verbose=False, **more
    )
    known = {x.tobytes(): int(y) for x, y in make(shuffle=False)}
    data = make(seed=1)
    first, second = [[(x.tobytes(), int(y)) for x, y in data] for _ in range(2)]
    assert dict(first) == dict(second) == known and first != second
    assert [y for _, y in first] == [int(y) for _, y in make(seed=1)]


@pytest.mark.parametrize("options", [
    {}, dict(label_mode="binary"), dict(max_length=10), dict(labels=None), dict(batch_size=None),
    dict(class_names=["good", "bad"], label_mode="categorical"), dict(validation_split=0.5, subset="validation"),
], ids=str)
def test_texts(options, texts):
    settings = dict(shuffle=False, batch_size=4) | options
    ours, theirs = by_both("text_dataset_from_directory", texts, **settings)
    assert ours.class_names == theirs.class_names
    compare(ours, theirs)


def test_links_are_followed_if_asked(texts, tmp_path):
    (tmp_path / "one").mkdir()
    try:
        os.symlink(texts / "good", tmp_path / "one" / "link")
    except OSError:
        pytest.skip("no links on this system")
    (tmp_path / "one" / "own.txt").write_text("x")
    for follow in (False, True):
        ours, theirs = by_both("text_dataset_from_directory", tmp_path, follow_links=follow, shuffle=False)
        compare(ours, theirs)
        assert len(ours.file_paths) == 1 + 5 * follow


@pytest.mark.parametrize("options, match", [
    (dict(labels="infered"), "labels"), (dict(label_mode="categoric"), "Did you mean 'categorical'"),
    (dict(label_mode="binary"), "2 classes"), (dict(color_mode="rbg"), "Did you mean 'rgb'"),
    (dict(image_size=(1, 2, 3)), "image_size"), (dict(interpolation="bilinea"), "Did you mean 'bilinear'"),
    (dict(format="torch"), "format"), (dict(validation_split=2, subset="training"), "validation_split"),
    (dict(validation_split=0.5), "go together"), (dict(subset="training"), "go together"),
    (dict(validation_split=0.5, subset="train", seed=1), "subset"), (dict(class_names=["birds"]), "folders"),
    (dict(validation_split=0.5, subset="training"), "seed"), (dict(labels=[0, 1]), "2 labels for 20"),
    (dict(labels=None, class_names=["cats"]), "inferred"),
    (dict(validation_split=0.01, subset="validation", seed=1), "no files"),
    (dict(crop_to_aspect_ratio=True, pad_to_aspect_ratio=True), "either"),
])
def test_refused(options, match, pictures):
    with pytest.raises(ValueError, match=match):
        keras.utils.image_dataset_from_directory(pictures, **options)


def test_no_folder_and_no_files(tmp_path):
    for function in (keras.utils.image_dataset_from_directory, keras.utils.text_dataset_from_directory):
        with pytest.raises(ValueError, match="no folder"):
            function(tmp_path / "nowhere")
        with pytest.raises(ValueError, match="no files"):
            function(tmp_path)


@pytest.mark.parametrize("options", [
    {}, dict(sequence_stride=3), dict(sampling_rate=2), dict(sequence_stride=2, sampling_rate=3, batch_size=None),
    dict(start_index=4), dict(end_index=30), dict(start_index=5, end_index=25, sampling_rate=2), dict(batch_size=1),
], ids=str)
@pytest.mark.parametrize("with_targets", [False, True])
def test_timeseries(options, with_targets):
    data = np.random.default_rng(0).normal(size=(41, 2)).astype("float32")
    targets = np.arange(41, dtype="int32") if with_targets else None
    ours, theirs = by_both(
        "timeseries_dataset_from_array", data, targets, **dict(sequence_length=4, batch_size=7) | options
    )
    compare(ours, theirs)


def test_shuffled_timeseries_keep_their_targets():
    x = np.arange(50)
    data = keras.utils.timeseries_dataset_from_array(x[:-5], x[5:], 5, shuffle=True, seed=2, batch_size=8)
    windows, targets = (np.concatenate(parts) for parts in zip(*data))
    assert (windows[:, 0] + 5 == targets).all() and sorted(targets) == list(range(5, 46)) and targets[0] != 5


@pytest.mark.parametrize("options, match", [
    (dict(sequence_length=99), "no window"), (dict(sampling_rate=0), "sampling_rate"),
    (dict(sequence_stride=99), "stride"),
    (dict(start_index=-1), "start_index"), (dict(start_index=9, end_index=9), "end_index"),
    (dict(format="x"), "format"),
])
def test_timeseries_refuses(options, match):
    with pytest.raises(ValueError, match=match):
        keras.utils.timeseries_dataset_from_array(np.arange(20), None, **dict(sequence_length=3) | options)
