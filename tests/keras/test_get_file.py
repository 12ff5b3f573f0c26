"""get_file against real Keras on files of this machine; archives that would write elsewhere; downloads that fail."""

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from kerastutor import keras
from tests.keras.oracle import real

CONTENT = b"some poems\n" * 1000
SHA, MD5 = hashlib.sha256(CONTENT).hexdigest(), hashlib.md5(CONTENT).hexdigest()


@pytest.fixture
def origin(tmp_path):
    (tmp_path / "from").mkdir()
    path = tmp_path / "from" / "poems.txt"
    path.write_bytes(CONTENT)
    return path


def pack(path, members, links=()):
    """An archive of `members`, name -> content; a tar may hold links, name -> target."""
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in members.items():
                archive.writestr(name, content)
    else:
        with tarfile.open(path, "w:gz") as archive:
            for name, content in members.items():
                info = tarfile.TarInfo(name)
                info.size = len(content)
                archive.addfile(info, io.BytesIO(content))
            for name, target in links:
                info = tarfile.TarInfo(name)
                info.type, info.linkname = tarfile.SYMTYPE, target
                archive.addfile(info)
    return path.as_uri()


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(Path(folder).rglob("*")) if p.is_file()}


def both(tmp_path, **arguments):
    """What each library returns and leaves behind."""
    results = []
    for name, library in (("ours", keras), ("theirs", real())):
        cache = tmp_path / name
        cache.mkdir(exist_ok=True)
        path = library.utils.get_file(cache_dir=str(cache), **arguments)
        results.append((type(path), str(Path(path).relative_to(cache)), tree(cache)))
    return results


@pytest.mark.parametrize("arguments", [
    {}, dict(fname="mine.txt"), dict(file_hash=SHA), dict(file_hash=MD5), dict(md5_hash=MD5),
    dict(file_hash=SHA, hash_algorithm="sha256"), dict(cache_subdir="other"), dict(force_download=True),
], ids=str)
def test_a_file(arguments, origin, tmp_path):
    ours, theirs = both(tmp_path, origin=origin.as_uri(), **arguments)
    assert ours == theirs and CONTENT in ours[2].values()


@pytest.mark.parametrize("name", ["poems.zip", "poems.tar.gz"])
@pytest.mark.parametrize("arguments", [
    dict(extract=True), dict(extract=True, fname="book"), dict(extract=True, fname="book.archive"),
    dict(extract=True, archive_format="auto"),
], ids=str)
def test_an_archive(name, arguments, tmp_path):
    (tmp_path / "from").mkdir()
    address = pack(tmp_path / "from" / name, {"a.txt": b"a", "sub/b.txt": CONTENT})
    ours, theirs = both(tmp_path, origin=address, **arguments)
    assert ours == theirs and len(ours[2]) == 3
    again, _ = both(tmp_path, origin=address, **arguments)  # from the cache
    assert again == ours


def test_from_the_cache_unless_forced_or_its_hash_is_wrong(origin, tmp_path):
    get = lambda **more: Path(keras.utils.get_file(origin=origin.as_uri(), cache_dir=tmp_path, **more)).read_bytes()
    assert get() == CONTENT
    origin.write_bytes(b"newer")
    assert get() == CONTENT and get(file_hash=SHA) == CONTENT
    assert get(file_hash=hashlib.sha256(b"newer").hexdigest()) == b"newer"
    origin.write_bytes(b"newest")
    assert get() == b"newer" and get(force_download=True) == b"newest"


@pytest.mark.parametrize("name, members, links", [
    ("x.zip", {"../evil": b"!"}, ()), ("x.zip", {"a/../../evil": b"!"}, ()), ("x.zip", {"..\\evil": b"!"}, ()),
    ("x.tar.gz", {"../evil": b"!"}, ()), ("x.tar.gz", {"good": b""}, [("link", "../../..")]),
    ("x.tar.gz", {"good": b""}, [("link", "/etc/passwd")]),
])
def test_an_archive_that_would_write_elsewhere_is_refused_whole(name, members, links, tmp_path):
    (tmp_path / "from").mkdir()
    address = pack(tmp_path / "from" / name, members, links)
    with pytest.raises(ValueError, match="not safe to unpack"):
        keras.utils.get_file("x", origin=address, extract=True, cache_dir=tmp_path / "cache")
    assert list(tree(tmp_path / "cache")) == ["datasets/x_archive"]
    assert not list(tmp_path.rglob("evil"))


@pytest.mark.parametrize("arguments, error, match", [
    ({}, ValueError, "origin"), (dict(origin="http://127.0.0.1:1"), ValueError, "fname"),
    (dict(origin="http://127.0.0.1:1/x"), OSError, "127.0.0.1"), (dict(origin="x/y.txt"), ValueError, "must begin"),
    (dict(origin="file:///no/such.txt"), OSError, "such.txt"),
    (dict(origin="file:///x", fname="a/b"), ValueError, "cache_dir"),
])
def test_bad_arguments(arguments, error, match, tmp_path):
    with pytest.raises(error, match=match):
        keras.utils.get_file(cache_dir=tmp_path, **arguments)
    assert tree(tmp_path) == {}


def test_a_wrong_hash_leaves_what_was_there(origin, tmp_path):
    keras.utils.get_file(origin=origin.as_uri(), cache_dir=tmp_path / "cache")
    origin.write_bytes(CONTENT[:-5])
    with pytest.raises(ValueError, match="incomplete or another file"):
        keras.utils.get_file(origin=origin.as_uri(), file_hash=SHA, cache_dir=tmp_path / "cache", force_download=True)
    assert tree(tmp_path / "cache") == {"datasets/poems.txt": CONTENT}


def test_no_archive(origin, tmp_path):
    with pytest.warns(UserWarning, match="not unpacked") as caught:
        keras.utils.get_file(origin=origin.as_uri(), extract=True, cache_dir=tmp_path)
    assert caught[0].filename == __file__
