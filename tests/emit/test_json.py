"""JSON holds the objective, the symbols, and every formula with its steps and its check."""

import json

import numpy as np

from symback.calculus.derive import derive
from symback.checking.draw import draw
from symback.checking.run import Forward
from symback.language.read import parse, read_in

TEXT = "X: (n, m)\nY: (2, m)\nW: (2, n)\nc: (m,)\ns: ()\nZ = W @ X + c * s\nJ = sum(softplus(Z) * Y) / m\n"


def test_keys_are_those_of_the_interface():
    content = json.loads(derive(parse(TEXT)).to_json())
    assert set(content) == {"objective", "symbols", "gradients"} and content["objective"] == "J"
    assert content["symbols"]["X"] == {"shape": ["n", "m"]} and content["symbols"]["Y"] == {"shape": [2, "m"]}
    assert content["symbols"]["c"] == {"shape": ["m"]} and content["symbols"]["s"] == {"shape": []}
    for gradient in content["gradients"].values():
        assert {"numpy", "latex", "shape", "steps", "check"} <= set(gradient)
        assert gradient["check"]["passed"] is True and gradient["check"]["max_relative_error"] < 1e-6
        assert gradient["latex"] and gradient["steps"]
        for step in gradient["steps"]:
            assert {"rule", "statement", "before", "after", "why"} <= set(step)


def test_every_text_in_it_is_in_the_language():
    problem = parse(TEXT)
    derivation = derive(problem)
    environment = Forward(problem, "J").run(draw(problem, np.random.default_rng(0)))
    for gradient in json.loads(derivation.to_json())["gradients"].values():
        read_in(problem, gradient["numpy"])
        shape = [environment.get(size, size) for size in gradient["shape"]]
        assert list(np.shape(eval(gradient["numpy"], environment))) == shape or not shape


def test_a_formula_that_is_too_long_is_written_in_the_names_of_others():
    layers = "\n".join(f"A{i} = tanh(A{i - 1} @ W + sin(A{i - 1}))" for i in range(1, 22))
    derivation = derive(parse(f"A0: (m, n)\nW: (n, n)\n{layers}\nJ = sum(A21)\n"), wrt=["A0"])
    content = json.loads(derivation.to_json())
    assert len(content["gradients"]["A0"]["numpy"]) < 200
