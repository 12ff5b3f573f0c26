"""TensorBoard's files, read back by a parser that shares nothing with what wrote them."""

import struct
import zlib

import numpy as np
import pytest

from kerastutor import keras
from kerastutor.keras.callbacks.event_file import EventFile

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(20, 3)).astype("float32"), RNG.normal(size=(20, 2)).astype("float32")


# the parser ------------------------------------------------------------------------------------


def crc32c(data):
    """Bit by bit, as the definition has it (RFC 3720, appendix B.4): no table."""
    crc = 0xFFFFFFFF
    for byte in data:
        for bit in range(8):
            low = (crc ^ byte >> bit) & 1
            crc = crc >> 1 ^ (0x82F63B78 * low)
    return crc ^ 0xFFFFFFFF


def test_the_parser_computes_the_published_checksums():
    """Of RFC 3720: 32 bytes of zeros, of ones, and in rising order."""
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(bytes(range(32))) == 0x46DD794E


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17 & 0xFFFFFFFF) + 0xA282EAD8) & 0xFFFFFFFF


def records(path):
    data, at = path.read_bytes(), 0
    while at < len(data):
        length, check = struct.unpack_from("<QI", data, at)
        assert check == masked(data[at : at + 8])
        event = data[at + 12 : at + 12 + length]
        assert struct.unpack_from("<I", data, at + 12 + length) == (masked(event),)
        yield event
        at += 16 + length


def message(data):
    """{number of a field: its values}"""
    fields, at = {}, 0

    def varint():
        nonlocal at
        n = shift = 0
        while True:
            byte = data[at]
            at, n, shift = at + 1, n | (byte & 127) << shift, shift + 7
            if byte < 128:
                return n

    while at < len(data):
        number, kind = divmod(varint(), 8)
        if kind == 0:
            value = varint()
        elif kind == 2:
            length = varint()
            value, at = data[at : at + length], at + length
        else:
            size = {1: 8, 5: 4}[kind]
            (value,) = struct.unpack_from("<d" if kind == 1 else "<f", data, at)
            at += size
        fields.setdefault(number, []).append(value)
    return fields


def tensor(data):
    """A TensorProto as a list of bytes, or as an array."""
    fields = message(data)
    shape = [message(size)[1][0] for size in message(fields[2][0]).get(2, [])]
    if fields[1] == [7]:
        assert shape == [len(fields[8])]
        return fields[8]
    return np.frombuffer(fields[4][0], {1: "<f4", 2: "<f8"}[fields[1][0]]).reshape(shape)


def events(folder):
    """Of all files in a folder: (tag, step, kind, value), in order."""
    found = []
    for path in sorted(folder.iterdir()):
        assert ".tfevents." in path.name
        first, *rest = map(message, records(path))
        assert first[3] == [b"brain.Event:2"] and first[1][0] > 1e9
        for event in rest:
            value = message(message(event[5][0])[1][0])
            plugin = message(message(value[9][0])[1][0])[1][0].decode()
            found.append((value[1][0].decode(), event[2][0], plugin, tensor(value[8][0])))
    return found


def unpng(data):
    """The pixels of a PNG file without filters."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    parts, at = {}, 8
    while at < len(data):
        (length,) = struct.unpack_from(">I", data, at)
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", data, at + 8 + length) == (zlib.crc32(kind + body),)
        parts[kind], at = body, at + 12 + length
    width, height, depth, color = struct.unpack(">IIBB", parts[b"IHDR"][:10])
    channels = {0: 1, 2: 3, 6: 4}[color]
    rows = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(height, 1 + width * channels)
    assert depth == 8 and not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, channels)


# the writer ------------------------------------------------------------------------------------


def test_scalars_come_back(tmp_path):
    file, written = EventFile(tmp_path / "a" / "b"), []
    for step, value in [(0, 0.5), (1, -1e-30), (127, np.inf), (128, np.float32(0.1)), (10**12, 3)]:
        file.scalar(f"tag {step} äß", value, step)
        written.append((f"tag {step} äß", step, "scalars", np.float32(value)))
    file.close()
    assert [(*e[:3], e[3][()]) for e in events(tmp_path / "a" / "b")] == written


def test_not_a_number_comes_back(tmp_path):
    file = EventFile(tmp_path)
    file.scalar("loss", np.nan, 0)
    file.close()
    assert np.isnan(events(tmp_path)[0][3])


@pytest.mark.parametrize("values", [RNG.normal(size=(7, 9)), np.zeros(5), np.full(3, 2.5), np.array(4.0),
                                    np.array([1.0, np.nan, 2.0, np.inf]), np.zeros(0)], ids=lambda a: str(a.shape))
def test_histograms_come_back(values, tmp_path):
    file = EventFile(tmp_path)
    file.histogram("w", values, 3)
    file.close()
    ((tag, step, plugin, rows),) = events(tmp_path)
    finite = values[np.isfinite(values)]
    assert (tag, step, plugin, rows.shape) == ("w", 3, "histograms", (30, 3))
    assert rows[:, 2].sum() == finite.size and (rows[1:, 0] == rows[:-1, 1]).all()
    for left, right, count in rows[:-1]:
        assert count == ((finite >= left) & (finite < right)).sum()
    if finite.size:
        assert rows[0, 0] <= finite.min() and finite.max() <= rows[-1, 1]


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_images_come_back(channels, tmp_path):
    images = np.clip(RNG.normal(0.5, 0.5, (2, 3, 5, channels)), -1, 2)
    file = EventFile(tmp_path)
    file.image("w", images, 3)
    file.close()
    ((tag, step, plugin, (width, height, *pngs)),) = events(tmp_path)
    assert (tag, step, plugin, width, height, len(pngs)) == ("w", 3, "images", b"5", b"3", 2)
    for png, image in zip(pngs, images, strict=True):
        assert np.abs(unpng(png) - np.clip(image, 0, 1) * 255.0).max() <= 0.5


# the callback ----------------------------------------------------------------------------------


def trained(tmp_path, epochs=3, **options):
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="out")])
    model.compile(keras.optimizers.SGD(0.125), "mse", metrics=["mae"])
    seen = []

    class Spy(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append(logs)

    callbacks = [keras.callbacks.TensorBoard(tmp_path, **{"write_graph": False, **options}), Spy()]
    history = model.fit(X, Y, batch_size=5, epochs=epochs, validation_split=0.25, verbose=0, callbacks=callbacks)
    return model, history.history, seen


def curves(found):
    made = {}
    for tag, step, plugin, value in found:
        assert plugin == "scalars"
        made.setdefault(tag, []).append((step, float(value)))
    return made


def points(values, start=0):
    return [(i + start, float(np.float32(v))) for i, v in enumerate(values)]


def test_epochs_are_curves(tmp_path):
    _, history, _ = trained(tmp_path)
    assert curves(events(tmp_path / "train")) == {
        "epoch_loss": points(history["loss"]), "epoch_mae": points(history["mae"]),
        "epoch_learning_rate": points([0.125] * 3),
    }
    validation = curves(events(tmp_path / "validation"))
    steps = [(3 * n, float(np.float32(v))) for n, v in enumerate(history["val_loss"], 1)]
    assert validation.pop("evaluation_loss_vs_iterations") == steps
    assert len(validation.pop("evaluation_mae_vs_iterations")) == 3
    assert validation == {"epoch_loss": points(history["val_loss"]), "epoch_mae": points(history["val_mae"])}


@pytest.mark.parametrize("update_freq", [1, "batch", 2])
def test_batches_are_curves(update_freq, tmp_path):
    _, _, seen = trained(tmp_path, update_freq=update_freq, write_steps_per_second=True)
    found = curves(events(tmp_path / "train"))
    every = 1 if update_freq == "batch" else update_freq
    assert found["batch_loss"] == points([logs["loss"] for logs in seen], 1)[every - 1 :: every]
    assert [step for step, _ in found["batch_steps_per_second"]] == list(range(every, 10, every))
    assert all(speed > 0 for _, speed in found["batch_steps_per_second"] + found["epoch_steps_per_second"])


def test_weights_are_histograms_and_images(tmp_path):
    model, _, _ = trained(tmp_path, histogram_freq=2, write_images=True)
    found = [e for e in events(tmp_path / "train") if e[2] != "scalars"]
    kernel, bias = (w.path for w in model.weights)
    assert [(tag, step) for tag, step, *_ in found] == [
        (f"{path}/{what}", epoch) for epoch in (0, 2) for path in (kernel, bias) for what in ("histogram", "image")
    ]
    last = {tag: value for tag, step, _, value in found if step == 2}
    assert last[f"{kernel}/histogram"][:, 2].sum() == 6
    width, height, png = last[f"{kernel}/image"]
    assert (width, height) == (b"3", b"2")
    wanted = np.clip(model.weights[0].numpy().T, 0, 1) * 255
    assert np.abs(unpng(png)[:, :, 0] - wanted).max() <= 0.5


def test_each_training_and_evaluation_has_its_file(tmp_path):
    model, _, _ = trained(tmp_path, epochs=1)
    callback = keras.callbacks.TensorBoard(tmp_path)
    model.fit(X, Y, epochs=1, verbose=0, callbacks=[callback])
    model.fit(X, Y, epochs=1, verbose=0, callbacks=[callback])
    model.evaluate(X, Y, verbose=0, callbacks=[callback])
    assert len(list((tmp_path / "train").iterdir())) == 3
    assert len(list((tmp_path / "validation").iterdir())) == 2
    curve = curves(events(tmp_path / "validation"))["evaluation_loss_vs_iterations"]
    assert [step for step, _ in curve] == [3, 5]


@pytest.mark.parametrize("options, word", [
    (dict(profile_batch=2), "profile_batch"), (dict(embeddings_freq=1), "embeddings_freq"),
    (dict(update_freq="steps"), "update_freq"), (dict(update_freq=0), "update_freq"),
], ids=str)
def test_what_can_not_be_written_is_refused(options, word):
    with pytest.raises(ValueError, match=word):
        keras.callbacks.TensorBoard("logs", **options)
