"""The import lines, once it is known which names the new code uses."""

import libcst as cst

from . import names, syntax


class Imports(cst.CSTTransformer):
    """Rewrites the imports of Keras and TensorFlow; others stay."""

    def __init__(self, file):
        super().__init__()
        self.file = file
        self.given = set()

    def leave_SimpleStatementLine(self, original, updated):
        if not any(self._is_ours(small) for small in original.body):
            return updated
        small, changed = [], False
        for statement in original.body:
            new = self._statement(statement) if self._is_ours(statement) else [statement]
            changed = changed or new != [statement]
            small += new
        if not changed:
            return updated
        if not small:
            return updated.with_changes(body=[syntax.GONE])
        small = [s.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for s in small]
        if len(original.body) > 1:
            return updated.with_changes(body=small)
        lines = [cst.SimpleStatementLine([s]) for s in small]
        lines[0] = lines[0].with_changes(leading_lines=updated.leading_lines)
        lines[-1] = lines[-1].with_changes(trailing_whitespace=updated.trailing_whitespace)
        return cst.FlattenSentinel(lines)

    def leave_Module(self, original, updated):
        rest = [dotted for needed in self.file.needs.values() for dotted in needed if dotted not in self.given]
        lines = [cst.SimpleStatementLine([s]) for s in self._written(self._wanted(rest))]
        updated = _without_empty(updated)
        if not lines:
            return updated
        body = list(updated.body)
        at = next((i for i, statement in enumerate(body) if not _is_preface(statement)), len(body))
        return updated.with_changes(body=[*body[:at], *lines, *body[at:]])

    def leave_IndentedBlock(self, original, updated):
        return _without_empty(updated)

    def _is_ours(self, statement):
        if isinstance(statement, cst.Import):
            modules = [alias.evaluated_name for alias in statement.names]
            if "cPickle" in modules:
                return True
        elif isinstance(statement, cst.ImportFrom) and not statement.relative:
            modules = [syntax.code(statement.module)]
            if not isinstance(statement.names, cst.ImportStar):
                modules += [f"{modules[0]}.{alias.evaluated_name}" for alias in statement.names]
            if any(self.file.needs.get(m.rpartition(".")[2]) for m in modules):
                return True
        else:
            return False
        return any(names.root(m) or m.split(".")[0] == "tensorflow" for m in modules)

    # one statement -----------------------------------------------------------------------------------

    def _statement(self, statement):
        """The statements in place of one."""
        if isinstance(statement, cst.Import):
            return self._plain_import(statement)
        module = syntax.code(statement.module)
        if isinstance(statement.names, cst.ImportStar):
            new = self.file.today(names.plain(module)) or names.nearest(names.plain(module))
            new = self._with_root(new, names.root(module))
            return [statement if new == module else statement.with_changes(module=syntax.expression(new))]
        wanted = []
        for alias in statement.names:
            local = alias.evaluated_alias or alias.evaluated_name
            wanted += self._alias(f"{module}.{alias.evaluated_name}", local, alias.evaluated_alias, alias)
        return self._from(statement, module, wanted)

    def _alias(self, raw, local, asname, node):
        """What to import for one name, as (module, name, asname, node): its own node where it stays."""
        dotted, found = names.plain(raw), []
        root = names.root(raw)
        new = self.file.today(dotted) if root else dotted
        stays = local in self.file.kept or local not in self.file.left
        if new is None and not self._still_used(local):
            stays = False
        if new is not None and root and not asname and new.rpartition(".")[2] != local:
            stays = False
            if local not in self.file.left:
                found += self._wanted([new])  # imported but not used here
        if stays:
            owner, _, name = self._with_root(new or dotted, root, gone=new is None, raw=raw).rpartition(".")
            found.append((owner, name, asname, node))
            self.given.add(new)
        return found + self._wanted(self.file.needs.get(local, []))

    def _still_used(self, local):
        return local in self.file.kept

    def _with_root(self, dotted, root, gone=False, raw=None):
        if gone:
            return raw
        if root is None or root == "kerastutor.keras" or self.file.target == "kerastutor":
            return dotted if root is None else "kerastutor." + dotted
        return dotted

    def _wanted(self, needed):
        wanted = []
        for dotted in needed:
            if dotted in self.given:
                continue
            self.given.add(dotted)
            ours = self.file.target == "kerastutor" or "kerastutor" in self.file.bindings
            if dotted == "numpy":
                wanted.append(("", "numpy", "np", None))
            elif dotted == "keras" and not ours:
                wanted.append(("", "keras", None, None))
            else:
                owner, _, name = ("kerastutor." * ours + dotted).rpartition(".")
                wanted.append((owner, name, None, None))
        return wanted

    def _from(self, statement, module, wanted):
        if {owner for owner, *_ in wanted} == {module} and all(node for *_, node in wanted):
            if len(wanted) == len(statement.names):
                return [statement]  # nothing to change
        owners = list(dict.fromkeys(owner for owner, *_ in wanted))
        if len(owners) != 1 or not owners[0]:
            return self._written(wanted)
        aliases = [_alias(name, asname, node) for _, name, asname, node in wanted]
        trailing = statement.names[-1].comma
        broken = next((a.comma for a in statement.names[:-1]), None)
        between = broken if isinstance(broken, cst.Comma) else cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
        aliases = [a if isinstance(a.comma, cst.Comma) and i + 1 < len(aliases) else
                   a.with_changes(comma=between if i + 1 < len(aliases) else trailing) for i, a in enumerate(aliases)]
        return [statement.with_changes(module=syntax.expression(owners[0]), names=aliases)]

    def _plain_import(self, statement):
        kept, extra, changed = [], [], False
        for alias in statement.names:
            raw, asname = alias.evaluated_name, alias.evaluated_alias
            local = asname or raw.split(".")[0]
            root = names.root(raw)
            if raw == "cPickle":
                extra.append(("", "pickle", local, None))
                changed = True
                continue
            if root is None and raw.split(".")[0] != "tensorflow" or root == "kerastutor.keras":
                kept.append(alias)
                extra += self._wanted(self.file.needs.get(local, []))
                continue
            dotted = names.plain(raw)
            new = self.file.today(dotted) if root else raw
            bare_tensorflow = root is not None and not asname and raw.startswith("tensorflow")
            gone = local in self.file.left and local not in self.file.kept or bare_tensorflow
            if gone or new is None and local not in self.file.kept:
                changed = True
            elif root and self.file.target == "kerastutor":
                owner, _, name = ("kerastutor." + (new if asname else "keras")).rpartition(".")
                extra.append((owner, name, asname if asname != name else None, None))
                changed = True
            elif root and new and new != raw:
                changed = True
                if new == "keras" and asname == "keras":
                    extra.append(("", "keras", None, None))
                else:
                    kept.append(alias.with_changes(name=syntax.expression(new)))
            else:
                kept.append(alias)
                self.given.add(dotted if asname else dotted.split(".")[0])
            extra += self._wanted(self.file.needs.get(local, []))
        if not changed and not extra:
            return [statement]
        if kept:
            kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
        first = [statement.with_changes(names=kept)] if kept else []
        return first + self._written(extra)

    def _written(self, wanted):
        """New import statements, one for each module."""
        statements, by_owner = [], {}
        for owner, name, asname, _ in wanted:
            by_owner.setdefault(owner, []).append(name + (f" as {asname}" if asname and asname != name else ""))
        for owner, imported in by_owner.items():
            lines = [f"from {owner} import {', '.join(imported)}"] if owner else [f"import {i}" for i in imported]
            statements += [cst.parse_statement(line).body[0] for line in lines]
        return statements


def _without_empty(block):
    """A block without the statements that are gone; what stood above them stays above the next."""
    body, carried = [], []
    for statement in block.body:
        if syntax.is_gone(statement):
            carried += statement.leading_lines
            continue
        if carried and (any(line.comment for line in carried) or not statement.leading_lines):
            statement = statement.with_changes(leading_lines=[*carried, *statement.leading_lines])
        carried = []
        body.append(statement)
    return block if len(body) == len(block.body) else block.with_changes(body=body)


def _alias(name, asname, node):
    new = cst.ImportAlias(cst.Name(name))
    if node is None:
        return new
    return node if node.name.value == name else node.with_changes(name=cst.Name(name))


def _is_preface(statement):
    """A docstring, or an import from __future__."""
    if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
        return False
    first = statement.body[0]
    if isinstance(first, cst.Expr):
        return isinstance(first.value, (cst.SimpleString, cst.ConcatenatedString))
    return isinstance(first, cst.ImportFrom) and syntax.code(first.module or cst.Name("x")) == "__future__"
