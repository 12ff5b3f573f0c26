"""Every backend has exactly the kernels of `interface.py`, with exactly these arguments."""

import importlib
import inspect
import types

import pytest

from kerastutor.backends.interface import KERNELS
from tests.backends import cases
from tests.conftest import USABLE

HOOKS = {"prepare": "compiles and divides calls ahead", "session": "has the machine to itself",
         "fetch": "brings numbers from a device", "wrote": "sends them there", "call": "calls what may be no kernel",
         "leave": "brings everything home"}
"""What a backend may offer beside kernels, where it has use for it."""


def module(backend):
    return importlib.import_module(f"kerastutor.backends.{backend}")


def public(module):
    """Names of what `module` offers, but for the modules that it imports."""
    return {n for n, v in vars(module).items() if not n.startswith("_") and not isinstance(v, types.ModuleType)}


@pytest.mark.parametrize("backend", USABLE)
def test_a_backend_has_all_kernels_and_no_more(backend):
    assert public(module(backend)) - set(HOOKS) == set(KERNELS)


@pytest.mark.parametrize("backend", USABLE)
@pytest.mark.parametrize("kernel", KERNELS)
def test_arguments_are_named_as_in_the_interface(backend, kernel):
    function = getattr(module(backend), kernel)
    function = getattr(function, "py_func", function)  # what Numba compiled
    assert ", ".join(inspect.signature(function).parameters) == KERNELS[kernel][0]


def test_every_kernel_has_a_case():
    assert set(cases.CASES) | set(cases.TESTED_BY_HAND) == set(KERNELS)


def test_every_kernel_says_what_it_does():
    assert all(arguments and meaning for arguments, meaning in KERNELS.values())
