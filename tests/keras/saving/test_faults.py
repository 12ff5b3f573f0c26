"""Damaged files, hostile files, and a crash while writing: an error that names the file, never a wrong number."""

import io
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
import zipfile

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.saving import hdf5 as hdf5_module

h5py = pytest.importorskip("h5py")

X = np.linspace(-1, 1, 12).reshape(4, 3).astype("float32")


def small(units=2):
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, "tanh"), keras.layers.Dense(units)])


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A model, and the files of it: {suffix: bytes}."""
    folder = tmp_path_factory.mktemp("files")
    model = small()
    model.compile("adam", "mse")
    files = {}
    for suffix, save in ((".keras", model.save), (".weights.h5", model.save_weights), (".h5", model.save)):
        with pytest.warns(UserWarning) if suffix == ".h5" else nothing():
            save(folder / f"m{suffix}")
        files[suffix] = (folder / f"m{suffix}").read_bytes()
    return model, files


class nothing:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False


def load(path):
    """What the model in a file predicts; for weights alone, after loading them into a new model."""
    if str(path).endswith(".weights.h5"):
        model = small()
        model.load_weights(path)
    else:
        model = keras.models.load_model(path)
    return model(X).numpy()


SUFFIXES = (".keras", ".weights.h5", ".h5")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_cut_off(made, suffix, tmp_path):
    """At every 64th byte: an error that names the file."""
    data = made[1][suffix]
    path = tmp_path / f"cut{suffix}"
    for length in range(0, len(data), 64):
        path.write_bytes(data[:length])
        with pytest.raises(ValueError, match=f"cut{suffix} can't be loaded"):
            load(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
@hypothesis.settings(max_examples=60)
@hypothesis.given(flips=st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 7)), min_size=1, max_size=4))
def test_flipped_bits(made, suffix, flips, tmp_path_factory):
    """An error that names the file, or exactly the right numbers."""
    model, files = made
    data = bytearray(files[suffix])
    for place, bit in flips:
        data[place % len(data)] ^= 1 << bit
    path = tmp_path_factory.mktemp("flip") / f"flip{suffix}"
    path.write_bytes(data)
    try:
        found = load(path)
    except (ValueError, TypeError) as error:
        assert "flip" in str(error)
    else:
        np.testing.assert_array_equal(found, model(X).numpy())


@pytest.mark.parametrize("suffix", SUFFIXES)
@hypothesis.settings(max_examples=30)
@hypothesis.given(data=st.binary(max_size=300))
def test_any_bytes(suffix, data, tmp_path_factory):
    path = tmp_path_factory.mktemp("any") / f"any{suffix}"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="any"):
        load(path)


@pytest.mark.slow
@pytest.mark.parametrize("place, value", [(4041, 13), (3945, 9)], ids=["never ends", "crashes"])
def test_a_file_of_keras_that_is_damaged(place, value, tmp_path, monkeypatch):
    """One bit, on which HDF5's own library (1.14) never ends, or crashes: another process tries first."""
    monkeypatch.setattr(hdf5_module, "PATIENCE", 5)
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as f:
        group = f.create_group("layers/dense/vars")
        group.attrs["name"], group["0"], group["1"] = "dense", np.ones((3, 4), "f4"), np.ones(4, "f4")
    data = bytearray(buffer.getvalue())
    data[place] = value
    path = tmp_path / "other.weights.h5"
    path.write_bytes(data)
    with pytest.raises(ValueError, match="other.weights.h5 can't be loaded: .*damaged"):
        load(path)


def test_errors_leave_the_model_as_it_was(made, tmp_path):
    _, files = made
    model = small(3)  # another number of units
    model.compile("adam", "mse")
    before = [w.copy() for w in model.get_weights()]
    for suffix in (".weights.h5", ".keras", ".h5"):
        path = tmp_path / f"w{suffix}"
        path.write_bytes(files[suffix])
        with pytest.raises(ValueError, match=r"w\..*'dense.*shape"):
            model.load_weights(path)
        for a, b in zip(before, model.get_weights(), strict=True):
            np.testing.assert_array_equal(a, b)


def test_missing_files():
    for load_it in (keras.models.load_model, small().load_weights):
        for kind in (FileNotFoundError, ValueError):  # what Python says, and what Keras says
            with pytest.raises(kind, match="no file nowhere.keras.*current folder"):
                load_it("nowhere.keras")
    with pytest.raises(FileNotFoundError, match="no folder"):
        small().save("no/such/folder/m.keras")


# zips ------------------------------------------------------------------------------------------


def members(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path, parts, compression=zipfile.ZIP_STORED):
    """Write a zip of (name or ZipInfo, bytes)."""
    import warnings

    with zipfile.ZipFile(path, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that come twice
        for name, data in parts:
            archive.writestr(name, data)
    return path


def test_hostile_zips(made, tmp_path):
    good = list(members(made[1][".keras"]).items())
    link = zipfile.ZipInfo("assets/link")
    link.external_attr = 0o120777 << 16
    hostile = {
        "is in it twice": [*good, ("config.json", b"{}")],
        "reaches outside": [*good, ("assets/../../evil.txt", b"x")],
        "reaches outside ": [*good, ("/etc/evil.txt", b"x")],
        "reaches outside  ": [*good, ("..\\evil.txt", b"x")],
        "is a link": [*good, (link, b"/etc/passwd")],
        "config.json are missing": [g for g in good if g[0] != "config.json"],
        "model.weights.h5 are missing": [g for g in good if g[0] != "model.weights.h5"],
    }
    for i, (message, parts) in enumerate(hostile.items()):
        with pytest.raises(ValueError, match=rf"bad{i}.keras can't be loaded: .*{message.strip()}"):
            load(zipped(tmp_path / f"bad{i}.keras", parts))
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"bad{i}.keras" for i in range(len(hostile))]


def test_a_zip_bomb(made, tmp_path):
    parts = members(made[1][".keras"]) | {"assets/bomb": b"\0" * (1 << 25)}
    path = zipped(tmp_path / "bomb.keras", parts.items(), zipfile.ZIP_DEFLATED)
    with pytest.raises(ValueError, match=r"bomb.keras can't be loaded: .*claims to have 33,554,432 bytes"):
        load(path)


def changed(made, path, **changes):
    """The model's file with other members: a string, or a function of the JSON that is there."""
    parts = members(made[1][".keras"])
    for name, change in changes.items():
        name = {"weights": "model.weights.h5"}.get(name, f"{name}.json")
        parts[name] = json.dumps(change(json.loads(parts[name]))).encode() if callable(change) else change
    return zipped(path, parts.items())


def replaced(**changes):
    return lambda config: {**config, **changes}


def with_layer(**changes):
    """Change the configuration of the first Dense layer."""

    def change(config):
        config["config"]["layers"][1].update(changes)
        return config

    return change


def too_deep(config):
    config["config"]["layers"][1]["config"]["units"] = json.loads("[" * 900 + "]" * 900)
    return config


CONFIGS = {
    "no JSON": b"{",
    "not that of a model": b"[1, 2]",
    "no JSON ": b"\xff\xfe\x00",
    "is no model": lambda _: {"module": "keras.regularizers", "class_name": "L2", "config": {}},
    "'system' of 'os' is not known": with_layer(module="os", class_name="function", config="system"),
    "'Evil' of 'evil' is not known": with_layer(module="evil", class_name="Evil", registered_name="evil>Evil"),
    "not one that a model may be made of": with_layer(module="keras.utils", class_name="Progbar", config={"target": 1}),
    "units": with_layer(config={"units": -1}),
    "units ": too_deep,
    "memory|weight": with_layer(config={"units": 10**14}),
    "lambda": with_layer(class_name="__lambda__", config={"value": ["", None, None]}),
}


@pytest.mark.parametrize("message", CONFIGS)
def test_hostile_configs(made, message, tmp_path):
    path = changed(made, tmp_path / "config.keras", config=CONFIGS[message])
    with pytest.raises((ValueError, TypeError), match=rf"config.keras can't be loaded: .*({message.strip()})"):
        load(path)


def test_a_config_nested_as_deep_as_it_gets(made, tmp_path):
    path = changed(made, tmp_path / "deep.keras", config=b'{"a":' * 200_000 + b"1" + b"}" * 200_000)
    with pytest.raises(ValueError, match="deep.keras can't be loaded: .*nested too deeply"):
        load(path)


@pytest.mark.parametrize("version", ["4.0.0", "soon", 12])
def test_versions_of_the_future(made, version, tmp_path):
    path = changed(made, tmp_path / "new.keras", metadata=replaced(keras_version=version))
    with pytest.raises(ValueError, match=f"new.keras can't be loaded: it was written by Keras {version}"):
        load(path)


def test_versions_of_the_past(made, tmp_path):
    path = changed(made, tmp_path / "old.keras", metadata=replaced(keras_version="2.13.1"))
    np.testing.assert_array_equal(load(path), made[0](X).numpy())


# HDF5 ------------------------------------------------------------------------------------------


def hdf5(change):
    """A file of weights for `small()`, changed by change(file) before it is closed."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as f:
        for name, shapes in (("dense", ((3, 4), (4,))), ("dense_1", ((4, 2), (2,)))):
            for i, shape in enumerate(shapes):
                f[f"layers/{name}/vars/{i}"] = np.ones(shape, "float32")
        change(f)
    return buffer.getvalue()


def put(place, value):
    def change(f):
        del f[place]
        f[place] = value

    return change


def put_dataset(place, **arguments):
    def change(f):
        del f[place]
        f.create_dataset(place, **arguments)

    return change


def virtual(f):
    layout = h5py.VirtualLayout((3, 4), "float32")
    layout[:] = h5py.VirtualSource("elsewhere.h5", "x", (3, 4))
    del f["layers/dense/vars/0"]
    f.create_virtual_dataset("layers/dense/vars/0", layout)


def circle(f):
    f["layers/dense_2"] = f["layers"]


FIRST = "layers/dense/vars/0"
HDF5 = {
    "link.*ExternalLink": put(FIRST, h5py.ExternalLink("/etc/passwd", "x")),
    "link.*SoftLink": put(FIRST, h5py.SoftLink("/layers/dense_1/vars/0")),
    "link.*ExternalLink ": put("layers/dense", h5py.ExternalLink("other.h5", "layers/dense")),
    "link.*SoftLink ": put("layers", h5py.SoftLink("/layers")),
    "another file": virtual,
    "another file ": put_dataset(FIRST, shape=(3, 4), dtype="float32", external=[("/etc/passwd", 0, 48)]),
    r"shape \(3, 4\), that in the file \(10000000, 1000000\)": put_dataset(
        FIRST, shape=(10**7, 10**6), dtype="float32", chunks=(1000, 1000), compression="gzip"),
    r"shape \(3, 4\), that in the file \(\)": put(FIRST, np.float32(1)),
    r"shape \(3, 4\), that in the file \(4, 3\)": put(FIRST, np.ones((4, 3), "float32")),
    "no numbers": put(FIRST, np.array([["x"] * 4] * 3, dtype=h5py.string_dtype())),
    "no numbers ": put(FIRST, np.zeros((3, 4), "complex64")),
    "no numbers  ": put(FIRST, np.zeros((3, 4), [("a", "f4"), ("b", "f4")])),
    "should be an array": lambda f: (f.__delitem__(FIRST), f.create_group(FIRST)),
    "should be a group": lambda f: (f.__delitem__("layers/dense/vars"), f.__setitem__("layers/dense/vars", [1.0])),
    "2 weights.*file has 1": lambda f: f.__delitem__(FIRST),
    "2 weights.*file has 3": lambda f: f.__setitem__("layers/dense/vars/2", [1.0]),
    "no weight number 0": lambda f: (f.__setitem__("layers/dense/vars/7", [1.0]), f.__delitem__(FIRST)),
    "2 weights.*file has 0": lambda f: f.__delitem__("layers/dense"),
    "weights for 1 more layer": lambda f: f.__setitem__("layers/dense_2/vars/0", [1.0]),
    "2 weights.*file has 0 ": lambda f: f.__delitem__("layers"),
}


@pytest.mark.parametrize("message", HDF5)
@pytest.mark.parametrize("how", ["alone", "in a model's file"])
def test_hostile_hdf5(made, message, how, tmp_path):
    data = hdf5(HDF5[message])
    path = tmp_path / ("bad.weights.h5" if how == "alone" else "bad.keras")
    if how == "alone":
        path.write_bytes(data)
    else:
        changed(made, path, weights=data)
    with pytest.raises(ValueError, match=rf"bad\..* can't be loaded: .*{message.strip()}"):
        load(path)


def test_hard_links_in_a_circle_do_no_harm(made, tmp_path):
    path = tmp_path / "circle.weights.h5"
    path.write_bytes(hdf5(circle))
    np.testing.assert_array_equal(small_of_ones()(X).numpy(), load(path))


def small_of_ones():
    model = small()
    model.set_weights([np.ones_like(w) for w in model.get_weights()])
    return model


def test_an_array_that_claims_to_be_huge(tmp_path):
    """A layer that reads whatever is there, without knowing a shape, is safe too."""

    class Reads(keras.layers.Layer):
        def call(self, x):
            return x

        def load_own_variables(self, store):
            self.found = {name: store[name] for name in store.keys()}

    model = keras.Sequential([keras.Input((3,)), Reads(name="reads")])
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as f:
        f.create_dataset("layers/reads/vars/0", (10**6, 10**6), "float32", chunks=(1000, 1000), compression="gzip")
    path = tmp_path / "huge.weights.h5"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(ValueError, match="huge.weights.h5 can't be loaded: .*claims to have 4,000,000,000,000 bytes"):
        model.load_weights(path)


# writing ---------------------------------------------------------------------------------------


def test_what_can_t_be_saved_leaves_the_old_file(tmp_path):
    class Odd(keras.layers.Layer):
        def call(self, x):
            return x

        def get_config(self):
            return {**super().get_config(), "odd": {1, 2}}

    path = tmp_path / "m.keras"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        keras.Sequential([keras.Input((3,)), Odd()]).save(path)
    assert path.read_bytes() == b"old" and [p.name for p in tmp_path.iterdir()] == ["m.keras"]


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    model = small()
    for suffix, save in ((".keras", model.save), (".weights.h5", model.save_weights)):
        path = tmp_path / f"m{suffix}"
        save(path)
        before = path.read_bytes()
        monkeypatch.setattr(os, "fsync", no_space)
        with pytest.raises(OSError, match="No space"):
            save(path)
        monkeypatch.undo()
        assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["m.keras", "m.weights.h5"]


def no_space(_):
    raise OSError(28, "No space left on device")


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".keras", ".weights.h5"])
def test_killed_at_any_moment(suffix, tmp_path):
    """A process saves again and again, and is killed: what is there is one of the two models, whole."""
    script = textwrap.dedent(f"""
        import numpy as np
        from kerastutor import keras
        model = keras.Sequential([keras.Input((300,)), keras.layers.Dense(300)])
        n = 0
        while True:
            model.set_weights([np.full_like(w, n % 2) for w in model.get_weights()])
            (model.save if {suffix!r} == ".keras" else model.save_weights)("m{suffix}")
            n += 1
            print(n, flush=True)
    """)
    rng = np.random.default_rng(0)
    options = dict(cwd=tmp_path, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)})
    model = keras.Sequential([keras.Input((300,)), keras.layers.Dense(300)])
    for _ in range(8):
        process = subprocess.Popen([sys.executable, "-c", script], **options)
        process.stdout.readline()
        time.sleep(0.02 * rng.random())
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if suffix == ".keras":
            model = keras.models.load_model(tmp_path / "m.keras")
        else:
            model.load_weights(tmp_path / "m.weights.h5")
        values = {float(w.min()) for w in model.get_weights()} | {float(w.max()) for w in model.get_weights()}
        assert values in ({0.0}, {1.0})


def test_the_checksum_is_of_everything(made):
    """It stands in the room that HDF5 leaves at the start, and h5py reads the file as it does others."""
    data = made[1][".weights.h5"]
    assert data.startswith(b"kerastutor sha256 ") and data[512:520] == b"\x89HDF\r\n\x1a\n"
    with h5py.File(io.BytesIO(data)) as f:
        assert f.userblock_size == 512 and f["layers/dense/vars/0"].shape == (3, 4)
