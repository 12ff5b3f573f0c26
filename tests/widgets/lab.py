"""A real JupyterLab in headless Chromium, for the widgets' tests: one server and one browser for a file of tests.

The fixture `lab` (conftest.py) opens notebooks::

    def test_it_counts(lab):
        page = lab.open(["from kerastutor.widgets import Counter", "Counter()"])
        page.run()                                   # every cell, in order; .run(1) only the second
        page.get_by_role("button", name="Add").click()
        page.wait(lambda: "1 so far" in page.output(1).inner_text(), "the count does not move")
        page.theme(dark=True)
        page.reopen()                                # saved, kernel shut down, opened again: pictures only
        assert page.complaints == []
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat

from kerastutor.course.lab import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
READY = 120_000  # milliseconds: a cold JupyterLab on a busy machine


def wait(for_, complaint, seconds=20):
    """Return what `for_()` returns as soon as that is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := for_():
                return found
        except OSError:
            pass
        time.sleep(0.05)
    raise AssertionError(complaint)


class Server:
    """JupyterLab on a free port of the loopback, with `root` as its folder and nobody's settings."""

    def __init__(self, root):
        self.root = root
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": self.url.rpartition(":")[2],
            "ServerApp.token": "",
            "ServerApp.password": "",
            "ServerApp.root_dir": root,
            "LabApp.app_settings_dir": SETTINGS,  # no question about Jupyter's news
            "LabApp.expose_app_in_browser": True,
        }
        ours = {  # neither the settings of who runs the tests, nor a theme left by another test
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            "JUPYTER_CONFIG_DIR": str(root / ".jupyter"),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
            + [f"--{name}={value}" for name, value in options.items()],
            env=os.environ | ours,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        api = f"{self.url}/api"
        try:
            wait(lambda: urllib.request.urlopen(api, timeout=2), "JupyterLab does not start", 60)
        except AssertionError:
            self.close()
            raise

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:  # a busy machine
            self.process.kill()
            self.process.wait(10)


class Lab:
    """Opens notebooks in one server and one browser."""

    def __init__(self, server, browser):
        self.server, self.browser, self._pages, self._count = server, browser, [], 0

    def open(self, cells, width=1280, height=800):
        """Return a page with these code cells, its kernel idle."""
        self._count += 1
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        path = self.server.root / f"notebook{self._count}.ipynb"
        nbformat.write(notebook, path)
        page = self.browser.new_page(viewport={"width": width, "height": height})
        self._pages.append(page)
        return Page(page, self.server.url, path)

    def close_pages(self):
        for page in self._pages:
            page.close()
        self._pages.clear()


class Page:
    """A playwright page of one notebook; `complaints` is the console's errors."""

    def __init__(self, page, url, path):
        self.page, self.url, self.path, self.complaints = page, url, path, []
        page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._go()

    def __getattr__(self, name):
        return getattr(self.page, name)

    def _go(self):
        self.page.goto(f"{self.url}/lab/tree/{self.path.name}?reset", timeout=READY)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=READY)
        self.page.wait_for_selector("text=/\\| Idle/", timeout=READY)

    def command(self, name, **options):
        """Run one of JupyterLab's commands."""
        run = "([name, options]) => window.jupyterapp.commands.execute(name, options)"
        return self.page.evaluate(run, [name, options])

    def cell(self, number):
        return self.page.locator(".jp-CodeCell").nth(number)

    def output(self, number):
        return self.cell(number).locator(".jp-Cell-outputArea")

    def run(self, number=None, wait_idle=True, seconds=120):
        """Run a cell, or all of them, and wait until the kernel has done it."""
        if number is None:
            count = self.page.locator(".jp-CodeCell").count()
            for one in range(count):
                self.run(one, wait_idle, seconds)
            return
        before = self.prompt(number)
        self.cell(number).locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        wait(lambda: self.prompt(number) != before, f"cell {number} does not start")
        if wait_idle:
            wait(lambda: "*" not in self.prompt(number), f"cell {number} does not end", seconds)

    def prompt(self, number):
        return self.cell(number).locator(".jp-InputPrompt").first.inner_text()

    def wait(self, for_, complaint, seconds=20):
        """Wait until `for_()` is true, while the page lives."""
        end = time.monotonic() + seconds
        while not (found := for_()):
            if time.monotonic() > end:
                raise AssertionError(complaint)
            self.page.wait_for_timeout(30)
        return found

    def theme(self, dark):
        self.command("apputils:change-theme", theme="JupyterLab Dark" if dark else "JupyterLab Light")
        light = "() => document.body.dataset.jpThemeLight"
        self.wait(lambda: self.page.evaluate(light) == ("false" if dark else "true"), "the theme does not change")

    def save(self):
        """Save, and return the notebook as it lies in its file."""
        self.command("docmanager:save")
        return nbformat.read(self.path, as_version=4)

    def reopen(self):
        """Save, shut the kernel down, and open the notebook again."""
        saved = self.save()
        self.command("kernelmenu:shutdown")
        self.page.wait_for_selector("text=/No Kernel/", timeout=30_000)
        self.page.reload()
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=READY)
        return saved
