"""What the layer inspector tells its page: plain data, and arrays as buffers."""

import numpy as np

from kerastutor.inspect import dead_units, formula, saturated_units, spread
from kerastutor.inspect.formulas import count, shapes
from kerastutor.inspect.generic import activation_name
from kerastutor.inspect.graph import INPUT, places
from kerastutor.inspect.pictures import Picture, of_gradient, of_output, of_weight
from kerastutor.inspect.statistics import can_die, unit_axis

TERMS, FLOWS, LISTED = 24, 12, 12  # how many summands, ways back and dead units are listed


class Parcel:
    """Plain data whose arrays travel beside it: `add(array)` gives the number of its buffer."""

    def __init__(self):
        self.buffers = []

    def add(self, array):
        self.buffers.append(np.ascontiguousarray(array, np.float32).tobytes())
        return len(self.buffers) - 1

    def picture(self, picture, at=None):
        """A `Picture` as the page draws it; `at` is the index of the number that is chosen."""
        if picture is None:
            return None
        finite = picture.values[np.isfinite(picture.values)]
        maps, rows, columns = picture.values.shape
        return {
            "maps": maps, "rows": rows, "columns": columns, "buffer": self.add(picture.values),
            "names": picture.names, "note": picture.note,
            "low": float(finite.min()) if finite.size else 0.0, "high": float(finite.max()) if finite.size else 0.0,
            "at": None if at is None else picture.place(at),
        }


def number(value):
    """A float that JSON can hold, or None."""
    return None if value is None or not np.isfinite(value) else float(value)


def graph(trace, opened, health):
    """The boxes of the drawing."""
    boxes = []
    for place in places(trace, opened):
        box = {"key": place.key, "row": place.row, "lane": place.lane, "depth": place.depth, "sources": place.sources}
        if place.key == INPUT:
            box |= {"kind": "the data", "shape": "", "opens": False}
        else:
            one = trace[place.key]
            box |= {"kind": one.kind, "shape": "×".join(map(str, one.output.shape[1:])) or "1",
                    "opens": bool(one.children), "open": place.key in opened, "ill": health.get(place.key, "")}
        boxes.append(box)
    return boxes


def health(trace):
    """By layer, in a few words, what is wrong with some of its units."""
    found = {}
    for one in trace:
        if one.outputs and not np.isfinite(one.output).all() and one.output.dtype.kind == "f":
            found[one.key] = "NaN or inf"
            continue
        dead = _dead(one)
        if dead.size:
            found[one.key] = f"{dead.size} dead"
        saturated = saturated_units(one, activation_name(one.layer))
        if saturated.size:
            found[one.key] = f"{saturated.size} saturated"
    return found


def _dead(one):
    return dead_units(one) if can_die(activation_name(one.layer)) else np.array([], int)


def histogram(array):
    """A `Spread` as plain data, or None."""
    found = None if array is None else spread(array)
    if found is None:
        return None
    return {"counts": found.counts.tolist(), "low": number(found.edges[0]), "high": number(found.edges[-1]),
            "say": repr(found)}


def layer(parcel, one, batch, row, index):
    """Formula, sizes, what it gives and the gradients, for the chosen sample; statistics over the batch."""
    whole = batch[one.key]
    dead, saturated = _dead(whole), saturated_units(whole, activation_name(one.layer))
    return {
        "key": one.key, "kind": one.kind, "formula": formula(one), "shapes": shapes(one), "count": count(one),
        "output": parcel.picture(of_output(one, row), index),
        "gradient": parcel.picture(of_gradient(one, row), index),
        "outputs": histogram(whole.output), "gradients": histogram(whole.output_gradient),
        "samples": len(batch.rows), "total": batch.total, "note": batch.note,
        "dead": _listed(dead), "saturated": _listed(saturated),
        "units": one.output.shape[unit_axis(one)] if one.output.ndim > 1 else 1,
    }


def _listed(units):
    return {"count": int(units.size), "first": units[:LISTED].tolist()}


def weights(parcel, trace, one, batch):
    """Each weight: its spread, its picture, its gradient's spread and picture."""
    found = []
    for name, w in one.weights.items():
        if w.dtype.kind != "f":
            continue
        gradient = batch[one.key].gradients.get(name)
        found.append({
            "name": name, "shape": list(w.shape), "spread": histogram(w), "gradient": histogram(gradient),
            "picture": parcel.picture(of_weight(trace, one, name)),
            "change": None if gradient is None else parcel.picture(of_weight(trace, one, name, gradient)),
        })
    return found


def explanation(parcel, found):
    """One number taken apart; of many summands the largest, and what the others come to."""
    rest = found.terms[TERMS:]
    data = {
        name: number(getattr(found, name)) for name in ("a", "bias", "bias_gradient", "z", "slope", "da", "dz")
    }
    data |= {
        "layer": found.layer, "index": list(found.index), "kind": found.kind, "formula": found.formula,
        "activation": found.activation, "note": found.note, "terms": [_term(t) for t in found.terms[:TERMS]],
        "rest": {"count": len(rest), "sum": number(sum(t.product for t in rest))},
        "flows": [_flow(f) for f in found.flows[:FLOWS]],
        "others": {"count": len(found.flows[FLOWS:]), "sum": number(sum(f.product for f in found.flows[FLOWS:]))},
    }
    data |= _extra(parcel, found.extra)
    return data


def _term(t):
    return {"place": list(t.place), "x": number(t.x), "w": number(t.w), "product": number(t.product), "input": t.input,
            "weight": None if t.weight is None else [t.weight[0], list(t.weight[1])],
            "dw": number(t.dw), "dx": number(t.dx)}


def _flow(f):
    return {"layer": f.layer, "place": None if f.place is None else list(f.place), "gradient": number(f.gradient),
            "w": number(f.w), "product": number(f.product)}


def _extra(parcel, extra):
    data = {}
    for name in ("window", "filter"):
        if name in extra and extra[name].ndim in (2, 3) and extra[name].shape[0] <= 16:
            array = extra[name]
            maps = array[None] if name == "window" and "filter" not in extra else np.moveaxis(array, -1, 0)
            maps = maps if maps.ndim == 3 else maps[:, None]
            data[name] = parcel.picture(Picture(maps, True))
    if "winner" in extra and extra["winner"] is not None:
        data["winner"] = list(extra["winner"])
    if "channels" in extra:
        data["channels"] = list(map(int, extra["channels"]))
    if "gates" in extra:
        data |= {"step": extra["step"], "steps": extra["steps"], "unit": extra["unit"], "gates": [
            {**{k: g[k] for k in ("name", "meaning")},
             **{k: number(g[k]) for k in ("sum", "value", "bias", "gradient")},
             "terms": [_term(t) for t in sorted(g["terms"], key=lambda t: -abs(t.product))[:8]],
             "more": max(len(g["terms"]) - 8, 0)}
            for g in extra["gates"]
        ]}
    return data


def code(found):
    """A `Source` as plain data."""
    part = lambda p: {"say": p} if isinstance(p, str) else {"where": p.where, "text": p.text}
    return {
        "layer": [{"title": p.title, **part(p)} for p in found.layer], "forward": found.forward,
        "backward": found.backward, "note": found.note,
        "kernels": {name: {backend: part(p) for backend, p in by.items()} for name, by in found.kernels.items()},
    }
