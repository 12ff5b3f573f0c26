"""Small tools for syntax trees: reading literals, making expressions, editing arguments without losing the layout."""

import ast

import libcst as cst

GONE = cst.Expr(cst.Name("__kerastutor_migrate_gone__"))
"""Stands where a statement was taken out, until what stood above it is given to the next."""


def code(node):
    """A node's source text."""
    return cst.Module([]).code_for_node(node)


def literal(node, default=None):
    """The value of a literal (a number, a string, a tuple of them ...), else ``default``."""
    if node is None:
        return default
    try:
        return ast.literal_eval(code(node).strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return default


def expression(text):
    return cst.parse_expression(text)


def is_dotted(node):
    """Whether a node is a plain `a.b.c`."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)


def argument(keyword, value):
    """`keyword=value` as a new argument."""
    none = cst.SimpleWhitespace("")
    equal = cst.AssignEqual(whitespace_before=none, whitespace_after=none) if keyword else cst.MaybeSentinel.DEFAULT
    return cst.Arg(value=value, keyword=cst.Name(keyword) if keyword else None, equal=equal)


def without(args, index):
    """The arguments without one of them; lines stay broken where they were."""
    removed, args = args[index], [*args[:index], *args[index + 1:]]
    if index == 0 or not args:
        return args
    before = args[index - 1]
    if index == len(args) or not _breaks_line(before.comma):
        args[index - 1] = before.with_changes(comma=removed.comma, whitespace_after_arg=removed.whitespace_after_arg)
    return args


def _breaks_line(comma):
    return isinstance(comma, cst.Comma) and isinstance(comma.whitespace_after, cst.ParenthesizedWhitespace)


def with_argument(args, new):
    """The arguments with one more at the end."""
    if not args:
        return [new]
    last = args[-1]
    trailing = last.comma
    comma = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    new = new.with_changes(comma=trailing, whitespace_after_arg=last.whitespace_after_arg)
    return [*args[:-1], last.with_changes(comma=comma, whitespace_after_arg=cst.SimpleWhitespace("")), new]


def elements(node):
    """The expressions in a list or tuple, or None."""
    if isinstance(node, (cst.List, cst.Tuple)) and all(isinstance(e, cst.Element) for e in node.elements):
        return [e.value for e in node.elements]
    return None


def string(node, value):
    """A string literal with another value, in the quotes of the one that stands there."""
    quote = node.quote if isinstance(node, cst.SimpleString) and len(node.quote) == 1 else '"'
    return cst.SimpleString(f"{quote}{value}{quote}")


def is_gone(statement):
    return isinstance(statement, cst.SimpleStatementLine) and all(small.deep_equals(GONE) for small in statement.body)
