"""The walk over a file's syntax tree: names first, then the rules on the calls; the imports come last."""

import libcst as cst

from . import names, syntax
from .call import Call
from .file import first_name


class Rewriter(cst.CSTTransformer):
    """Changes everything but the imports."""

    def __init__(self, file, rules):
        super().__init__()
        self.file = file
        self.calls, self.methods, self.nodes = ({}, {}, {})
        for rule in rules:
            for table, hooks in ((self.calls, rule.calls), (self.methods, rule.methods), (self.nodes, rule.nodes)):
                for name, function in hooks.items():
                    table.setdefault(name, []).append(function)
        self.replaced, self.deferred, self.dropped = {}, set(), file.dropped

    def on_leave(self, original, updated):
        updated = super().on_leave(original, updated)
        for function in self.nodes.get(type(original).__name__, []):
            updated = function(self.file, original, updated)
        return updated

    # names -----------------------------------------------------------------------------------------

    def visit_Import(self, node):
        return False

    def visit_ImportFrom(self, node):
        return False

    def visit_Arg(self, node):
        if node.keyword is not None:
            self.replaced[node.keyword] = node.keyword  # the word before = is no name

    def visit_Name(self, node):
        return node not in self.replaced and self._look(node)

    def visit_Attribute(self, node):
        return self._look(node)

    def _look(self, node):
        """Decide about a name; True where its parts are to be looked at one by one."""
        file, dotted = self.file, self.file.meaning(node)
        if dotted is None:
            return True
        local = first_name(node)
        if node in self.deferred:
            return False
        if names.root(dotted) is None:
            new = file.renamed.get(dotted, dotted)
        else:
            new = file.today(dotted)
            if new is None:
                self._gone(node, dotted)
                new = dotted
        from_tensorflow = new.startswith("keras") and file.bindings.get(local, "").startswith("tensorflow")
        if new != dotted or from_tensorflow and new in names.known():
            self.replaced[node] = file.refer(new, node).with_changes(lpar=node.lpar, rpar=node.rpar)
        else:
            file.kept.add(local)
        return False

    def _gone(self, node, dotted):
        why = next((w for name, w in self.file.gone.items() if dotted == name or dotted.startswith(name + ".")), None)
        inner = dotted.rpartition(".")[2].startswith("__") or dotted.startswith(("keras.src.", "keras.api."))
        if inner or any(name.startswith("kerastutor.") for name in self.file.meanings_of(node)):
            return
        self.file.say(node, f"{dotted} is not in Keras 3{f': {why}' if why else '.'}")

    def leave_Name(self, original, updated):
        return self.replaced.get(original, updated)

    def leave_Attribute(self, original, updated):
        return self.replaced.get(original, updated)

    # calls -----------------------------------------------------------------------------------------

    def _rules_for(self, node):
        was = self.file.called(node.func)
        name = self.file.callee(node)
        found = self.calls.get(was, []) + (self.calls.get(name, []) if name != was else [])
        if was is None and isinstance(node.func, cst.Attribute):
            found = self.methods.get(node.func.attr.value, [])
        return found, name, was

    def visit_Call(self, node):
        if node in self.dropped:
            return False
        found, name, was = self._rules_for(node)
        if was and found and self.file.today(was) is None:
            self.deferred.add(node.func)  # what it becomes depends on the arguments
        return True

    def leave_Call(self, original, updated):
        found, name, was = self._rules_for(original)
        from_star = was and self.file.meaning(original.func) is None and name != was
        if not (found or from_star) or original in self.dropped:
            return updated
        call = Call(self.file, original, updated, name, was)
        if from_star:
            call.refer(name)
        for function in found:
            function(call)
            if call.replacement is not None:
                break
        if original.func in self.deferred and call.replacement is None and call.node.func is original.func:
            self.file.kept.add(first_name(original.func))
        return call.result()

    # statements ------------------------------------------------------------------------------------

    def leave_SimpleStatementLine(self, original, updated):
        left = [new for old, new in zip(original.body, updated.body)
                if not (isinstance(old, cst.Expr) and old.value in self.dropped)]
        if len(left) < len(updated.body):
            updated = updated.with_changes(body=left or [syntax.GONE])
        calls = [small.value for small in original.body if isinstance(small, cst.Expr)]
        new = [cst.parse_statement(self.file.before[call]) for call in calls if call in self.file.before]
        if not new:
            return updated
        new[0] = new[0].with_changes(leading_lines=updated.leading_lines)
        return cst.FlattenSentinel([*new, updated.with_changes(leading_lines=[])])
