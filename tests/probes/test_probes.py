"""A set of derivatives as text-books and courses ask for them: each printed answer against differences."""

from __future__ import annotations

import numpy as np
import pytest

import symback as sb
from tests.numeric import close, environment, run, truth, value
from tests.probes.probe import Probe, probes

PROBES = probes()


def test_the_set_covers_every_family() -> None:
    families = {p.family for p in PROBES}
    assert len(PROBES) >= 89 and len({p.id for p in PROBES}) == len(PROBES)
    assert families == {
        "trace", "det", "norm", "quadratic", "hadamard", "elementwise", "bias", "matpow", "kron", "diag", "jacobian",
        "softmax", "logsumexp", "hessian", "network",
    }  # fmt: skip


@pytest.mark.parametrize("probe", PROBES, ids=[p.id for p in PROBES])
def test_symback_is_right(probe: Probe) -> None:
    problem = sb.parse(probe.text)
    derivation = sb.derive(problem, probe.wrt, kind=probe.kind)
    printed = derivation[probe.wrt].to_numpy()
    for seed in (0, 1):
        values = environment(problem, seed, positive=probe.positive)
        wanted = truth(problem, values, probe.wrt, probe.kind)
        found = value(printed, run(problem, values))
        found = found if probe.kind == "gradient" else np.atleast_2d(found)
        assert np.max(np.abs(wanted)) > 1e-6, "a derivative that is zero tells nothing"
        assert close(found, wanted, 2e-4 if probe.kind == "hessian" else 1e-5), printed
