"""The same work on kerastutor and on its peers, in turn: ``python -m benchmarks``."""
