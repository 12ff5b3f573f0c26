"""The browser's fixtures; what they give is told in lab.py."""

import pytest

from tests.widgets.lab import CHROMIUM, Lab, Server


@pytest.fixture(scope="module")
def _lab(tmp_path_factory):
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install playwright")
    server = Server(tmp_path_factory.mktemp("lab"))
    try:
        with playwright.sync_playwright() as browsers:
            arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
            browser = browsers.chromium.launch(executable_path=CHROMIUM, args=arguments)
            yield Lab(server, browser)
            browser.close()
    finally:
        server.close()


@pytest.fixture
def lab(_lab):
    """JupyterLab; each test's pages are closed after it."""
    yield _lab
    _lab.close_pages()
