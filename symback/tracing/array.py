"""Arrays, sizes and labels that stand for what a NumPy function works on.

An ``Array`` is a place that holds an expression. Two names of one array share the place, and a view (``A.T``,
``A[:, None]``) reads and writes the place of the array it looks at, so in-place statements change what they change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from symback.algebra import nodes as n
from symback.algebra.dims import Dim, dim
from symback.language.values import Value
from symback.language.write import dim_text

if TYPE_CHECKING:
    from symback.tracing.recorder import Tape

Through = Callable[[Value], Value]


@dataclass(eq=False, slots=True)
class Cell:
    """A place in memory and the expression that it holds now; versions of one array, or of a sum, share a lineage."""

    value: Value
    lineage: object = field(default_factory=object)


@dataclass(frozen=True)
class View:
    """How an array looks at a place: ``read`` from what is there, ``write`` back to it."""

    read: Through
    write: Through


class Symbolic(NDArrayOperatorsMixin):
    """What takes part in NumPy's functions and operators on a tape."""

    __hash__ = object.__hash__
    __array_priority__ = 1000.0
    tape: Tape

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        from symback.tracing.ufuncs import call_ufunc  # the tables build arrays, and arrays look up the tables

        return call_ufunc(self.tape, ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        from symback.tracing.functions import call_function

        return call_function(self.tape, function.__name__, args, kwargs)

    def __array__(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise self.tape.refused("this turns a symbolic array into numbers; use NumPy's functions on the array itself")

    def __float__(self) -> float:
        if self.tape.here().text.startswith("print("):
            return float("nan")  # a value that is only printed
        raise self.tape.refused("this needs the value as a number; leave it an array")

    def __index__(self) -> NoReturn:
        raise self.tape.refused(
            f"{self!r} is known by name only, so nothing can be counted or indexed with it here; "
            "write the loop with matrices, or give that size as a number"
        )

    def __int__(self) -> NoReturn:
        self.__index__()


@dataclass(eq=False, repr=False)
class Size(Symbolic):
    """A dimension of a symbolic array: ``X.shape[1]``, good for ``1 / m``, for shapes, and for comparing shapes."""

    tape: Tape
    dim: Dim

    @property  # type: ignore[misc]  # isinstance(X.shape[0], int) holds, as in NumPy
    def __class__(self) -> type:
        return int

    @property
    def value(self) -> Value:
        """The size as a number in an expression."""
        return Value(n.size(self.dim), 0)

    def __eq__(self, other: object) -> bool:
        if type(other) is Size:
            return self.dim == other.dim
        return isinstance(other, int) and self.dim == dim(int(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.dim)

    def __mul__(self, other: object) -> Any:
        if type(other) is Size:
            return Size(self.tape, self.dim * other.dim)
        if type(other) is int and other > 0:
            return Size(self.tape, self.dim * dim(other))
        return super().__mul__(other)

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return True  # a size is positive

    def _compared(self, holds: bool | None, sign: str, other: object) -> bool:
        if holds is None:
            raise self.tape.refused(
                f"whether {self!r} {sign} {other!r} depends on the size; give that size as a number to take one branch"
            )
        return holds

    def __gt__(self, other: Any) -> bool:
        return self._compared(True if type(other) is int and other < 1 else None, ">", other)

    def __ge__(self, other: Any) -> bool:
        return self._compared(True if self == other or (type(other) is int and other <= 1) else None, ">=", other)

    def __lt__(self, other: Any) -> bool:
        return self._compared(False if type(other) is int and other <= 1 else None, "<", other)

    def __le__(self, other: Any) -> bool:
        return self._compared(
            True if self == other else False if type(other) is int and other < 1 else None, "<=", other
        )

    def __repr__(self) -> str:
        return dim_text(self.dim)


def _in_place(ufunc: np.ufunc) -> Callable[[Array, Any], Array]:
    """``A += B``: an array is written into; a scalar is none, and only the name moves on."""

    def change(self: Array, other: Any) -> Array:
        if self.ndim:
            result: Array = ufunc(self, other, out=(self,))
            return result
        new: Value = ufunc(self, other).value
        if new.ndim:
            raise self.tape.refused("a scalar becomes an array in place here; write a = a + b")
        return Array(self.tape, Cell(new, self.cell.lineage))

    return change


@dataclass(eq=False, repr=False)
class Array(Symbolic):
    """A symbolic array of at most two dimensions."""

    tape: Tape
    cell: Cell
    view: View | None = None

    __iadd__ = _in_place(np.add)
    __isub__ = _in_place(np.subtract)
    __imul__ = _in_place(np.multiply)
    __itruediv__ = _in_place(np.divide)
    __ipow__ = _in_place(np.power)

    @property  # type: ignore[misc]  # isinstance(Z, np.ndarray) and isinstance(cost, float) hold
    def __class__(self) -> type:
        return np.float64 if self.ndim == 0 else np.ndarray

    @property
    def value(self) -> Value:
        """The expression that the array holds now."""
        return self.view.read(self.cell.value) if self.view else self.cell.value

    def looked_at(self, read: Through, write: Through) -> Array:
        """A view of this array."""
        outer = self.view
        if outer is None:
            return Array(self.tape, self.cell, View(read, write))
        return Array(self.tape, self.cell, View(lambda v: read(outer.read(v)), lambda v: outer.write(write(v))))

    def set(self, value: Value) -> None:
        """Write into the place that the array looks at."""
        self.cell.value = value if self.view is None else self.view.write(value)

    # --- what code asks of an array ----------------------------------------------------------------------

    @property
    def shape(self) -> tuple[Any, ...]:
        """The sizes: numbers where they are known, else ``Size`` objects."""
        value = self.value
        return tuple(self.tape.size(d) for d in value.node.shape[2 - value.ndim :])

    @property
    def ndim(self) -> int:
        """How many dimensions NumPy would see."""
        return self.value.ndim

    @property
    def size(self) -> Any:
        """The number of entries."""
        rows, columns = self.value.node.shape
        return self.tape.size(rows * columns)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Booleans are told apart; everything else is a float."""
        return np.dtype(bool if self.value.boolean else float)

    @property
    def T(self) -> Array:  # NumPy's name
        """The transpose, a view."""
        from symback.tracing.functions import transposed

        return self.looked_at(transposed, transposed) if self.ndim == 2 else self

    def _call(self, name: str, *args: Any, **kwargs: Any) -> Any:
        from symback.tracing.functions import call_function

        return call_function(self.tape, name, (self, *args), kwargs)

    def __getattr__(self, name: str) -> Any:
        from symback.tracing.functions import METHODS

        if name.startswith("__"):
            raise AttributeError(name)
        if name in METHODS and not (name == "dot" and self.ndim == 0):
            return lambda *args, **kwargs: self._call(METHODS[name], *args, **kwargs)
        raise self.tape.refused(f"the method .{name} of an array is not traced")

    def __getitem__(self, index: Any) -> Any:
        from symback.tracing.indexing import get

        return get(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        from symback.tracing.indexing import put

        put(self, index, value)

    def __bool__(self) -> NoReturn:
        raise self.tape.refused(
            "a branch on the values of an array cannot be traced; use np.where or a mask, or take the decision outside"
        )

    def __len__(self) -> int:
        size = self.shape[0] if self.shape else 0
        if type(size) is Size:
            raise self.tape.refused(f"the length {size!r} is known by name only here; write .shape[0]")
        return int(size)

    def __iter__(self) -> NoReturn:
        raise self.tape.refused("a loop over the entries of an array cannot be traced; write it with matrices")

    def __copy__(self) -> Array:
        return self.tape.hold(self.value)

    def __deepcopy__(self, memo: object) -> Array:
        return self.tape.hold(self.value)

    def __repr__(self) -> str:
        return self.tape.text(self.value.node)

    def __format__(self, spec: str) -> str:
        return repr(self)


@dataclass(eq=False, repr=False)
class Labels(Symbolic):
    """Integer labels of m examples below k; what they mean is the matrix Y with a one in each row."""

    tape: Tape
    name: str
    node: n.Node  # of shape (m, k), each row one-hot
    ndim: ClassVar[int] = 1

    @property  # type: ignore[misc]  # as for an array
    def __class__(self) -> type:
        return np.ndarray

    @property
    def shape(self) -> tuple[Any, ...]:
        """One size: that of the examples."""
        return (self.tape.size(self.node.shape[0]),)

    @property
    def size(self) -> Any:
        """The number of labels."""
        return self.shape[0]

    @property
    def T(self) -> Labels:  # NumPy's name
        """A 1-D array is its own transpose."""
        return self

    def same(self, *args: Any, **kwargs: Any) -> Labels:
        """The labels themselves: what copying, flattening and integer casts leave as it is."""
        return self

    astype = copy = ravel = flatten = squeeze = same

    def reshape(self, *shape: Any) -> Labels:
        """Only to one dimension: the labels as they are."""
        flat = shape[0] if len(shape) == 1 else shape
        if flat in (-1, (-1,)) or flat == self.size or flat == self.shape:
            return self
        raise self.tape.refused("labels are a 1-D array; a column or row of labels is not traced")

    def max(self) -> LastLabel:
        """The largest label, good for ``y.max() + 1`` classes."""
        return LastLabel(self.tape, self.node.shape[1])

    def __len__(self) -> int:
        size = self.size
        return int(size) if type(size) is int else size.__index__()

    def __repr__(self) -> str:
        return self.name


@dataclass(frozen=True)
class LastLabel:
    """k - 1, the largest of labels below k: adding 1 gives the number of classes."""

    tape: Tape
    classes: Dim

    def __add__(self, one: object) -> Any:
        if one != 1:
            raise self.tape.refused("of the largest label only y.max() + 1 is traced, the number of classes")
        return self.tape.size(self.classes)

    __radd__ = __add__


@dataclass(frozen=True)
class Range:
    """``range(m)`` for a size known by name: an index that names every example once."""

    tape: Tape
    size: Size

    def __iter__(self) -> NoReturn:
        raise self.tape.refused(
            f"a loop over range({self.size!r}) cannot be traced, since {self.size!r} is known by name only; "
            "write it with matrices, or give that size as a number"
        )

    def __len__(self) -> int:
        return self.size.__index__()
