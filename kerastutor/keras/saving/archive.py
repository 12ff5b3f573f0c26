"""`.keras` files: a zip of metadata.json, config.json, model.weights.h5 and, where layers need them, assets/.

Reading one takes nothing on trust: each member is checked before it is read, and none is ever written to the disk by
the name that it claims.
"""

import os
import stat
import zipfile

METADATA, CONFIG, WEIGHTS, ASSETS = "metadata.json", "config.json", "model.weights.h5", "assets/"
LARGEST_TEXT = 1 << 26  # 64 MB for each of the two JSON files
FLOOR, EXPANSION = 1 << 24, 100  # beyond 16 MB, a member may be at most a hundred times what is stored of it


def write(file, members):
    """Write the members, {name: bytes}, as a zip."""
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def read(path):
    """The members of a `.keras` file, or of a folder with the same files in it: {name: bytes}.

    Raises
    ------
    ValueError
        If it is damaged, cut off, or holds what a model's file never holds.
    """
    if os.path.isdir(path):
        return _read_folder(path)
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            _check(infos)
            return {info.filename: _read(archive, info) for info in infos if _wanted(info.filename)}
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise ValueError(f"it is no .keras file, or it is damaged or cut off ({error}).") from None


def _wanted(name):
    return name in (METADATA, CONFIG, WEIGHTS) or name.startswith(ASSETS) and not name.endswith("/")


def _check(infos):
    names = [info.filename for info in infos]
    twice = next((n for n in names if names.count(n) > 1), None) if len(set(names)) < len(names) else None
    if twice:
        raise ValueError(f"{twice!r} is in it twice: that is refused.")
    for info in infos:
        parts = info.filename.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or ":" in info.filename or "\0" in info.filename:
            raise ValueError(f"a part of it, {info.filename!r}, reaches outside: that is refused.")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise ValueError(f"a part of it, {info.filename!r}, is a link: that is refused.")
        if info.file_size > max(FLOOR, EXPANSION * info.compress_size):
            raise ValueError(
                f"a part of it, {info.filename!r}, claims to have {info.file_size:,} bytes, of which "
                f"{info.compress_size:,} are stored: that is refused."
            )
        if info.filename in (METADATA, CONFIG) and info.file_size > LARGEST_TEXT:
            raise ValueError(f"its {info.filename} is larger than that of any model: {info.file_size:,} bytes.")


def _read(archive, info):
    with archive.open(info) as member:
        data = member.read(info.file_size + 1)  # to the end, so that the checksum is compared
    if len(data) != info.file_size:
        raise ValueError(f"a part of it, {info.filename!r}, is not as long as it says.")
    return data


def _read_folder(path):
    """The same of a folder, as `save(path, zipped=False)` makes one; links in it are refused."""
    members = {}
    for at, folders, names in os.walk(path):
        for name in folders + names:
            if os.path.islink(os.path.join(at, name)):
                raise ValueError(f"{name!r} in it is a link: that is refused.")
        for name in names:
            inner = os.path.relpath(os.path.join(at, name), path).replace(os.sep, "/")
            if _wanted(inner):
                with open(os.path.join(at, name), "rb") as file:
                    members[inner] = file.read()
    return members
