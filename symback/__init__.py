"""symback: backpropagation in matrix form, derived step by step, explained, proved and checked."""
from symback.language.read import parse
