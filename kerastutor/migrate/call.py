"""A call in the file that is being migrated, as the rules see it."""

import libcst as cst

from . import syntax


class Call:
    """``name``: today's dotted name of what is called, or None. ``method``: `fit` for `model.fit(...)`."""

    def __init__(self, file, original, updated, name, was):
        self.file, self.original, self.node, self.name, self.was = file, original, updated, name, was
        self.args = list(updated.args)
        self.replacement = None

    @property
    def method(self):
        return self.node.func.attr.value if isinstance(self.node.func, cst.Attribute) else None

    @property
    def receiver(self):
        """`model` of `model.fit(...)`."""
        return self.node.func.value

    def index(self, keyword):
        return next((i for i, a in enumerate(self.args) if a.keyword is not None and a.keyword.value == keyword), None)

    def get(self, keyword, position=None):
        """The expression given for an argument, or None."""
        i = self.index(keyword)
        if i is None and position is not None:
            positional = self.positional
            return positional[position] if position < len(positional) else None
        return None if i is None else self.args[i].value

    def literal(self, keyword, position=None, default=None):
        return syntax.literal(self.get(keyword, position), default)

    @property
    def positional(self):
        """The expressions given by position, up to a `*args`."""
        values = []
        for a in self.args:
            if a.keyword is not None or a.star:
                break
            values.append(a.value)
        return values

    @property
    def is_plain(self):
        """Whether no `*args` or `**options` hides arguments."""
        return not any(a.star for a in self.args)

    def rename(self, old, new):
        """`old=...` becomes `new=...`; True if it was there. Where both stand, nothing is done and it is said."""
        i = self.index(old)
        if i is None:
            return False
        if self.index(new) is not None:
            self.say(f"both {old}= and {new}= are given: {old} is today's {new}; keep one of them.")
            return False
        self.args[i] = self.args[i].with_changes(keyword=cst.Name(new))
        return True

    def put(self, keyword, value):
        """Give an argument by keyword, in its place if it was given so already."""
        value = syntax.expression(value) if isinstance(value, str) else value
        i = self.index(keyword)
        if i is None:
            self.args = syntax.with_argument(self.args, syntax.argument(keyword, value))
        else:
            self.args[i] = self.args[i].with_changes(value=value)

    def put_at(self, position, value):
        self.args[position] = self.args[position].with_changes(value=value)

    def pop(self, keyword):
        """Take an argument out, and give its expression; None if it was not there."""
        i = self.index(keyword)
        if i is None:
            return None
        value = self.args[i].value
        self.args = syntax.without(self.args, i)
        return value

    def pop_at(self, position):
        value = self.args[position].value
        self.args = syntax.without(self.args, position)
        return value

    def rename_method(self, name):
        self.node = self.node.with_changes(func=self.node.func.with_changes(attr=cst.Name(name)))

    def refer(self, dotted):
        """Call something else, and import it."""
        self.node = self.node.with_changes(func=self.file.refer(dotted, self.original.func))
        self.name = dotted

    def replace(self, text):
        """Put another expression in place of the whole call."""
        node = syntax.expression(text) if isinstance(text, str) else text
        self.replacement = node.with_changes(lpar=self.node.lpar, rpar=self.node.rpar) if self.node.lpar else node

    def text(self, node):
        return syntax.code(node)

    def say(self, message):
        self.file.say(self.original, message)

    def result(self):
        if self.replacement is not None:
            return self.replacement
        if self.args == list(self.node.args):
            return self.node
        return self.node.with_changes(args=self.args)
