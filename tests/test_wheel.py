"""The wheel, as a student without a clone gets it: installed, it lays the course and serves it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("hatchling", reason="building the wheel needs hatchling, of the extra [test]")
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """A fresh environment with kerastutor from the wheel; its dependencies are lent by this one.

    A path in a .pth file lends the packages but not what .pth files there add, so that an editable install of
    kerastutor is out of sight.
    """
    root = tmp_path_factory.mktemp("environment")
    venv.create(root, with_pip=False)
    scripts = root / ("Scripts" if os.name == "nt" else "bin")
    python = next(scripts.glob("python*"))
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    query = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.check_output([python, "-c", query], text=True).strip())
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return scripts


def variables(folder):
    """Jupyter's files under ``folder``, its application from this environment, and no other kerastutor in sight."""
    lent = Path(sys.prefix)
    own = {"JUPYTER_CONFIG_DIR": "config", "JUPYTER_DATA_DIR": "data", "JUPYTER_RUNTIME_DIR": "run", "HOME": "home"}
    return {
        **{name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "JUPYTER_TOKEN")},
        **{name: str(folder / place) for name, place in own.items()},
        "NUMBA_CACHE_DIR": str(folder / "cache"),
        "JUPYTERLAB_DIR": str(lent / "share" / "jupyter" / "lab"),
        "JUPYTER_PATH": str(lent / "share" / "jupyter"),
        "JUPYTER_CONFIG_PATH": str(lent / "etc" / "jupyter"),
    }


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_wheel_carries_the_course_and_not_the_tests(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    lessons = [path.name for path in (REPOSITORY / "lessons").glob("*.ipynb") if ".new" not in path.name]
    assert lessons
    for lesson in lessons:
        assert f"kerastutor/course/files/lessons/{lesson}" in names
    assert "kerastutor/course/files/exercises/README.md" in names
    information = wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info"
    assert {name.split("/")[0] for name in names} == {"kerastutor", information}
    assert not [name for name in names if "__pycache__" in name or ".ipynb_checkpoints" in name]
    assert not [name for name in names if "/lessons/" in name and name.endswith(".py")]


def test_lab_lays_the_course_and_serves_it(environment, tmp_path):
    folder = tmp_path / "student"
    folder.mkdir()
    env = variables(tmp_path)
    where = "import kerastutor; print(kerastutor.__file__)"
    found = subprocess.check_output([next(environment.glob("python*")), "-c", where], cwd=folder, env=env, text=True)
    assert not found.startswith(str(REPOSITORY))

    log = tmp_path / "output.txt"
    with log.open("w") as output:
        arguments = [environment / "kerastutor", "lab", "--no-browser", "--ip=127.0.0.1", f"--port={free_port()}"]
        lab = subprocess.Popen(arguments, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    try:
        address = wait_for_address(lab, log)
        first = sorted(path.name for path in (REPOSITORY / "lessons").glob("*.ipynb") if ".new" not in path.name)[0]
        assert f"/lab/tree/lessons/{first}?token=" in address
        page = f"/lab/tree/lessons/{first}"
        assert b"JupyterLab" in fetch(address)
        assert b'"cells"' in fetch(address.replace(page, f"/api/contents/lessons/{first}"))
        notification = json.loads(fetch(address.replace(page, f"/lab/api/settings/{NOTIFICATION}")))
        assert notification["schema"]["properties"]["fetchNews"]["default"] == "false"  # "none" would ask
    finally:
        lab.send_signal(signal.SIGINT)
        try:
            status = lab.wait(60)
        finally:
            lab.kill()
    assert status == 0, log.read_text()
    assert "Traceback" not in log.read_text()

    laid = folder / "kerastutor-course"
    assert (laid / "lessons" / first).read_bytes() == (REPOSITORY / "lessons" / first).read_bytes()
    assert sorted(os.listdir(folder)) == ["kerastutor-course"]


NOTIFICATION = "@jupyterlab/apputils-extension:notification"


def fetch(address):
    return urllib.request.urlopen(address, timeout=60).read()


def wait_for_address(process, log, seconds=120):
    for _ in range(seconds * 5):
        if address := re.search(r"The lessons are at (http://127\.0\.0\.1:\S+)", log.read_text()):
            return address[1]
        assert process.poll() is None, log.read_text()
        time.sleep(0.2)
    raise AssertionError(f"no address after {seconds} s: {log.read_text()}")
