"""The parts of `checks`: each looks for one kind of damage in a translation.

All are pure functions of texts in protected form and return issues that a model can be told of.
"""
