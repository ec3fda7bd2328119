"""Differentiation: the adjoint sweep over the definitions, and what is built on it."""
