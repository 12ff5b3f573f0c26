"""Lists and dicts as attributes of a layer: layers and variables in them are found, also those put in later."""

import copy


class TrackedList(list):
    """A list that calls `track` with whatever is put into it, and keeps what that gives back."""

    _track = staticmethod(lambda item: item)

    def __init__(self, items=(), track=None):
        if track is not None:
            self._track = track
        super().__init__(map(self._track, items))

    def __deepcopy__(self, memo):  # the items' layer is not complete yet, so they must not be tracked again
        memo[id(self)] = made = type(self)()
        list.extend(made, [copy.deepcopy(item, memo) for item in self])
        made._track = copy.deepcopy(self._track, memo)
        return made

    def append(self, item):
        super().append(self._track(item))

    def insert(self, index, item):
        super().insert(index, self._track(item))

    def extend(self, items):
        super().extend(map(self._track, items))

    def __iadd__(self, items):
        self.extend(items)
        return self

    def __setitem__(self, index, item):
        super().__setitem__(index, list(map(self._track, item)) if isinstance(index, slice) else self._track(item))


class TrackedDict(dict):
    """A dict that calls `track` with every value put into it, and keeps what that gives back."""

    _track = staticmethod(lambda item: item)

    def __init__(self, items=(), track=None):
        if track is not None:
            self._track = track
        super().__init__()
        self.update(items)

    def __deepcopy__(self, memo):
        memo[id(self)] = made = type(self)()
        dict.update(made, copy.deepcopy(dict(self), memo))
        made._track = copy.deepcopy(self._track, memo)
        return made

    def __setitem__(self, key, value):
        super().__setitem__(key, self._track(value))

    def update(self, *items, **named):
        for key, value in dict(*items, **named).items():
            self[key] = value

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def __ior__(self, items):
        self.update(items)
        return self
