"""Every dataset: how large, under what licence, where it is. The table behind `kerastutor data`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from kerastutor.keras.datasets import (
    boston_housing,
    california_housing,
    cifar10,
    cifar100,
    fashion_mnist,
    imdb,
    reuters,
    store,
)

EMBEDDED = "in the package"


@dataclass(frozen=True)
class Entry:
    """A dataset; `parts` are what must be had for it, each in one of its forms: none if it is in the package."""

    name: str
    what: str
    megabytes: float
    licence: str
    parts: tuple = ()
    needed: bool = False
    """Lessons use it."""

    def where(self) -> str | None:
        """Where it is, or None."""
        try:
            return self.get([store.look_in_cache])
        except store.DatasetNotFound:
            return None

    def get(self, steps=store.STEPS) -> str:
        """Where it is, after it was brought there if need be. Raises DatasetNotFound."""
        if not self.parts:
            return EMBEDDED
        found = [store.obtain(self.name, forms, steps)[1] for forms in self.parts]
        return str(found[0][0].parent)

    def ways(self) -> list[str]:
        """The hosts and packages that it comes from."""
        forms = [form for part in self.parts for form in part]
        hosts = [urlsplit(file.url).netloc for form in forms for file in form.files if file.url]
        return [*dict.fromkeys(hosts), *dict.fromkeys(form.package.command for form in forms if form.package)]


ENTRIES = {
    entry.name: entry
    for entry in (
        Entry("mnist", "70,000 handwritten digits", 11, "CC BY-SA 3.0", needed=True),
        Entry("fashion_mnist", "70,000 pictures of clothes", 31, "MIT", (fashion_mnist.FORMS,), needed=True),
        Entry("imdb", "50,000 film reviews, good or bad", 66, "no formal licence; for research",
              (imdb.FORMS, imdb.INDEX_FORMS), needed=True),
        Entry("reuters", "11,228 news reports in 46 topics", 3, "free for research",
              (reuters.FORMS, reuters.INDEX_FORMS)),
        Entry("cifar10", "60,000 photographs in 10 classes", 170, "no formal licence; for research",
              (cifar10.FORMS,)),
        Entry("cifar100", "60,000 photographs in 100 classes", 169, "no formal licence; for research",
              (cifar100.FORMS,)),
        Entry("california_housing", "prices in 20,640 blocks", 0.7, "no formal licence", (california_housing.FORMS,)),
        Entry("boston_housing", "506 prices; ethically flawed", 0.1, "no formal licence", (boston_housing.FORMS,)),
        Entry("breast_cancer", "569 lumps, malignant or benign", 0.1, "BSD-3-Clause"),
        Entry("segment", "2,310 image patches of 7 kinds", 0.1, "BSD-3-Clause"),
        Entry("tic_tac_toe", "958 ends of the game", 0, "made on the spot"),
        Entry("alice", "a book, letter by letter", 0.2, "public domain"),
        Entry("sunspots", "309 years of sunspots", 0.1, "public domain"),
        Entry("co2", "2,284 weeks of carbon dioxide", 0.1, "public domain"),
    )
}


def rows() -> list[dict]:
    """The table as plain data: what `kerastutor data --json` prints."""
    return [
        {
            "name": entry.name, "what": entry.what, "megabytes": entry.megabytes, "licence": entry.licence,
            "where": entry.where(), "needed": entry.needed, "ways": entry.ways(),
        }
        for entry in ENTRIES.values()
    ]


def lines() -> list[str]:
    """The table to read, and how to get what is not here."""
    all_rows = rows()
    width = max(len(row["where"] or "not here") for row in all_rows)
    table = [
        f"{row['name']:20}{row['megabytes']:5g} MB  {row['where'] or 'not here':{width}}  {row['licence']}"
        for row in all_rows
    ]
    missing = [row for row in all_rows if not row["where"]]
    hints = [f"kerastutor data get {row['name']:20} from {', or '.join(row['ways'])}" for row in missing]
    return table + (["", "Not here, and how to get it:", *hints] if missing else ["", "Everything is here."])


def get(names, say) -> list[str]:
    """Bring the named datasets here, telling `say` of each; the names of those that could not be had."""
    failed = []
    for name in names:
        try:
            say(f"{name}: {ENTRIES[name].get()}")
        except store.DatasetNotFound as error:
            failed.append(name)
            say(str(error))
    return failed
