"""Files written whole or not at all, and errors that name the file."""

import contextlib
import os
import secrets


class MissingFile(FileNotFoundError, ValueError):
    """There is no such file. Python would say FileNotFoundError, Keras says ValueError: it is both."""


def check_there(path):
    """Raise a MissingFile unless there is a file, or a folder, of this name."""
    if not os.path.exists(path):
        raise MissingFile(f"There is no file {path}: the current folder is {os.getcwd()}.")


@contextlib.contextmanager
def replacing(path):
    """A new file in the place of `path`, from the moment at which it is complete.

    It is written under another name in the same folder, then takes the old one's place in one step. Whatever happens
    (an error, a full disk, the power goes): either the old file or the new one is there, whole.

    Parameters
    ----------
    path : str or pathlib.Path
    """
    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    if not os.path.isdir(folder):
        raise MissingFile(f"{path} can't be written: there is no folder {folder}. Make it with os.makedirs(...).")
    if os.path.isdir(path):
        raise IsADirectoryError(f"{path} can't be written: it is a folder.")
    temporary = os.path.join(folder, f".{name}.{secrets.token_hex(4)}.tmp")
    try:
        with open(temporary, "xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(temporary)
    _fsync_folder(folder)


def _fsync_folder(folder):
    """Let the folder's new entry reach the disk too, where the system offers that."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def may_overwrite(path, overwrite):
    """Whether to write: if the file exists and `overwrite` is False, the user is asked."""
    if overwrite or not os.path.exists(path):
        return True
    answer = input(f"[WARNING] {path} already exists - overwrite? [y/n]").strip().lower()
    while answer not in ("y", "n"):
        answer = input("Please answer y (overwrite it) or n (leave it): ").strip().lower()
    return answer == "y"


@contextlib.contextmanager
def naming(path):
    """Errors inside become one ValueError (a TypeError stays one) that begins with the file's name."""
    try:
        yield
    except FileNotFoundError:
        raise
    except RecursionError:
        raise ValueError(f"{path} can't be loaded: its configuration is nested too deeply.") from None
    except MemoryError:
        raise ValueError(f"{path} can't be loaded: it asks for more memory than there is.") from None
    except (KeyboardInterrupt, SystemExit, ImportError):
        raise
    except TypeError as error:
        raise TypeError(f"{path} can't be loaded: {error}") from error
    except Exception as error:
        raise ValueError(f"{path} can't be loaded: {error}") from error
