"""The base of all widgets: what a page is given, how often, what goes wrong in a thread, what a notebook keeps."""

import threading

import pytest
import traitlets

from kerastutor.widgets import base, style
from kerastutor.widgets.base import Throttle, Widget, Worker


class Counter(Widget):
    value = traitlets.Int(0).tag(sync=True)

    def do_add(self, step):
        self.value += step

    def do_fail(self):
        raise RuntimeError("as asked")

    def figure(self):
        return style.new_figure()

    def summary(self):
        return f"{self.value} so far"


@pytest.fixture
def time(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(base, "perf_counter", lambda: now[0])
    return now


def test_throttle_lets_ten_a_second_through(time):
    throttle, passed = Throttle(), 0
    for _ in range(1000):
        time[0] += 0.002
        passed += throttle.due()
    assert 19 <= passed <= 20


def test_a_worker_runs_one_thing_at_a_time_and_hands_on_what_went_wrong():
    problems, go = [], threading.Event()
    worker = Worker(problems.append)

    def work():
        go.wait(10)
        raise RuntimeError("in the background")

    assert worker.start(work)
    assert not worker.start(lambda: problems.append("a second one ran"))
    go.set()
    assert worker.join(10)
    assert [str(p) for p in problems] == ["in the background"]
    assert worker.start(go.set)
    assert worker.join(10)


def test_the_browser_s_wishes_become_calls_and_errors_are_shown():
    counter = Counter()
    counter._hear(counter, {"do": "add", "values": {"step": 3}}, [])
    assert counter.value == 3
    counter._hear(counter, {"do": "fail"}, [])
    assert counter.problem == "RuntimeError: as asked"
    counter._hear(counter, {"do": "nonsense"}, [])
    assert "do_nonsense" in counter.problem
    counter._hear(counter, {"do": "add", "values": {"step": 1}}, [])
    assert counter.problem == ""


def test_outside_a_notebook_it_says_what_can_be_seen(capsys):
    counter = Counter(value=2)
    assert repr(counter) == "Counter: 2 so far"
    counter._ipython_display_()
    counter.keep()
    assert capsys.readouterr().out == "Counter: 2 so far\n"


def test_the_picture_s_text_is_constant_and_its_alternative_text_says_what_is_seen():
    data, metadata = Counter(value=5).bundle()
    assert data["text/plain"] == "Counter"
    assert metadata["image/png"]["alt"] == "5 so far"


def test_a_page_gets_one_module_without_imports(tmp_path, monkeypatch):
    (tmp_path / "common.js").write_text('// shared\nexport * from "./drawing.js";\nexport const two = 2;\n')
    (tmp_path / "drawing.js").write_text("export function f() {}\n")
    (tmp_path / "more.js").write_text('import { two } from "./common.js";\nexport const four = two * two;\n')
    (tmp_path / "own.js").write_text('// own\nimport { four } from "./more.js";\nexport default () => four;\n')
    monkeypatch.setattr(base, "HERE", tmp_path)
    shared = "// shared\nconst two = 2;\n\nfunction f() {}\n"
    own = "\nconst four = two * two;\n\n// own\nexport default () => four;\n"
    assert base.script("more.js", "own.js") == shared + own
    with pytest.raises(ValueError, match="own.js imports more.js"):
        base.script("own.js")
