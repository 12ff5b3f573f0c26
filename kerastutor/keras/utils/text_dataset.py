"""Folders of texts as a dataset. Source: https://keras.io/api/data_loading/text/"""

from pathlib import Path

from . import class_folders


def text_dataset_from_directory(
    directory, labels="inferred", label_mode="int", class_names=None, batch_size=32, max_length=None, shuffle=True,
    seed=None, validation_split=None, subset=None, follow_links=False, format="tf", verbose=True,
):
    """The `.txt` files below a folder, read when they are asked for.

    Parameters
    ----------
    max_length : int, optional
        Longer texts are cut to so many characters.
    directory, labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset, follow_links
        As in `keras.utils.image_dataset_from_directory`.

    Returns
    -------
    Dataset
        Of batches (texts, y), or texts alone without labels: an array of str, of shape (batch,).
        `class_names` and `file_paths` are its attributes.

    Raises
    ------
    ValueError
        If an argument is none of these, or there are no texts.

    Examples
    --------
    >>> from kerastutor import keras
    >>> reviews = keras.utils.text_dataset_from_directory("aclImdb/train", batch_size=32)    # doctest: +SKIP
    """
    function = "text_dataset_from_directory"
    class_folders.check(
        function, directory, labels, label_mode, class_names, validation_split, subset, shuffle, seed, format
    )
    return class_folders.make(
        function, directory, lambda path: Path(path).read_text(encoding="utf-8")[:max_length], formats=(".txt",),
        labels=labels, label_mode=label_mode, class_names=class_names, batch_size=batch_size, shuffle=shuffle,
        seed=seed, validation_split=validation_split, subset=subset, follow_links=follow_links, verbose=verbose,
    )
