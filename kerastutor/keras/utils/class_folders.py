"""Files in folders, one folder a class: their paths, their labels, and the part for validation."""

import os

import numpy as np

from ..naming import look_up
from .dataset import Dataset
from .io import print_msg

LABEL_MODES = dict.fromkeys(["int", "categorical", "binary"])


def index_directory(directory, labels, formats, class_names=None, shuffle=True, seed=None, follow_links=False,
                    verbose=True):
    """(paths, labels, class_names) of all files below `directory` whose names end in one of `formats`.

    Folders in alphabetical order are classes 0, 1, ..., or in the order of `class_names`. With labels=None, or a list
    of them in the order of the paths, folders mean nothing.
    """
    folders = [""]
    if labels == "inferred":
        folders = sorted(f.name for f in os.scandir(directory) if f.is_dir() and not f.name.startswith("."))
        if class_names is not None:
            if not set(class_names) <= set(folders):
                raise ValueError(f"class_names={class_names}, but the folders in {directory} are {folders}.")
            folders = list(class_names)
    elif class_names is not None:
        raise ValueError("class_names names folders, so labels must be 'inferred' with it.")
    found = [(path, i) for i, name in enumerate(folders) for path in _files(directory, name, formats, follow_links)]
    paths = [path for path, _ in found]
    if labels == "inferred":
        class_names, labels = folders, np.array([i for _, i in found], dtype="int32")
    elif labels is not None:
        if len(labels) != len(paths):
            raise ValueError(f"There are {len(labels)} labels for {len(paths)} files in {directory}.")
        class_names, labels = [str(label) for label in sorted(set(labels))], list(labels)
    if verbose:
        print_msg(f"Found {len(paths)} files" +
                  (".\n" if labels is None else f" belonging to {len(class_names)} classes.\n"))
    if shuffle:
        seed = np.random.randint(1e6) if seed is None else seed
        np.random.RandomState(seed).shuffle(paths)
        if labels is not None:
            np.random.RandomState(seed).shuffle(labels)
    return paths, labels, class_names


def _files(directory, folder, formats, follow_links):
    start = os.path.join(directory, folder)
    for root, _, names in sorted(os.walk(start, followlinks=follow_links), key=lambda step: step[0]):
        for name in sorted(names):
            if name.lower().endswith(formats):
                yield os.path.join(directory, folder, os.path.relpath(os.path.join(root, name), start))


def check(function, directory, labels, label_mode, class_names, validation_split, subset, shuffle, seed, format):
    """The arguments that these functions share."""
    if not os.path.isdir(directory):
        raise ValueError(f"{function}: there is no folder {os.fspath(directory)!r}.")
    if labels not in ("inferred", None) and not isinstance(labels, (list, tuple)):
        raise ValueError(f"{function}: labels must be 'inferred', None, or a list of int; got {labels!r}.")
    if label_mode is not None:
        look_up(label_mode, LABEL_MODES, f"label_mode of {function}")
    if format not in ("tf", "grain"):
        raise ValueError(f"{function}: format must be 'tf' or 'grain' (both give the same here); got {format!r}.")
    if validation_split and not 0 < validation_split < 1:
        raise ValueError(f"{function}: validation_split must be between 0 and 1; got {validation_split}.")
    if subset not in ("training", "validation", "both", None):
        raise ValueError(f"{function}: subset must be 'training', 'validation', 'both' or None; got {subset!r}.")
    if bool(validation_split) != bool(subset):
        raise ValueError(
            f"{function}: validation_split and subset go together; got validation_split={validation_split}, "
            f"subset={subset!r}."
        )
    if validation_split and shuffle and seed is None:
        raise ValueError(
            f"{function}: with validation_split and shuffle give a seed, or files that train will be among those that "
            "validate."
        )


def make(function, directory, read, *, formats, labels, label_mode, class_names, batch_size, shuffle, seed,
         validation_split, subset, follow_links, verbose):
    """The dataset, or with subset="both" the two, of the files that `read` reads."""
    if labels is None or label_mode is None:
        labels = label_mode = None
    seed = np.random.randint(1e6) if seed is None else seed
    paths, labels, class_names = index_directory(
        directory, labels, formats, class_names, shuffle, seed, follow_links, verbose
    )
    if label_mode == "binary" and len(class_names) != 2:
        raise ValueError(f"{function}: label_mode='binary' is for 2 classes; there are {class_names}.")
    cut = len(paths) - int((validation_split or 0) * len(paths))
    parts = {None: [slice(None)], "training": [slice(cut)], "validation": [slice(cut, None)]}
    made = []
    for part in parts.get(subset) or parts["training"] + parts["validation"]:
        if not paths[part]:
            raise ValueError(
                f"{function}: no files for subset={subset!r} in {os.fspath(directory)!r}, of {len(paths)} in all. "
                f"Files must end in one of {', '.join(formats)}."
            )
        if subset:
            use = "validation" if part.start else "training"
            print_msg(f"Using {len(paths[part])} files for {use}.\n")
        targets = None if labels is None else encode(np.asarray(labels[part]), label_mode, len(class_names))
        mixed = shuffle and not (subset == "both" and part.start)
        made.append(_dataset(paths[part], targets, read, batch_size, mixed, seed))
        made[-1].class_names, made[-1].file_paths = class_names, paths[part]
    return made if subset == "both" else made[0]


def _dataset(paths, targets, read, batch_size, shuffle, seed):
    def get(i):
        return read(paths[i]) if targets is None else (read(paths[i]), targets[i])

    data = Dataset(get, len(paths))
    if shuffle:
        data = data.shuffle(seed=seed)
    return data if batch_size is None else data.batch(batch_size)


def encode(labels, label_mode, num_classes):
    """Labels as the losses want them: int32; one float32 a row for "binary"; one-hot rows for "categorical"."""
    if label_mode == "binary":
        return labels.astype("float32")[:, None]
    if label_mode == "categorical":
        return np.eye(num_classes, dtype="float32")[labels]
    return labels.astype("int32")
