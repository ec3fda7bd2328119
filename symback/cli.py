"""The command ``symback``: derive, verify, list, rules, shell. Each imports what it needs when it runs."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from symback.errors import SymbackError
from symback.language.shipped import shipped, title

if TYPE_CHECKING:
    from symback.calculus.derivation import Derivation
    from symback.records import Problem, Verdict

FORMATS = ("text", "latex", "markdown", "html", "pdf", "json", "numpy")
KINDS = ("gradient", "jacobian", "jacobian_vec", "hessian")
METHODS = ("differential", "index", "jacobian")
BROKEN_PIPE = 141  # what a shell reports of a program that a closed pipe has ended: 128 + SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 0 is success, 1 a wrong claim, 2 bad input, which is explained in a sentence."""
    given = sys.argv[1:] if argv is None else list(argv)
    arguments = parser().parse_args([_expression_first(argument) for argument in given])
    try:
        code: int = arguments.run(arguments)
        sys.stdout.flush()
        return code
    except SymbackError as error:
        return _complain(str(error))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the flush at exit is silent too
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        return _complain(f"{error.filename or 'the output'}: {error.strerror or error}")
    except RecursionError:
        return _complain("this is nested too deep for symback; name its parts")
    except MemoryError:
        return _complain("this is too large for the memory there is")
    except Exception as error:  # a fault of symback's own; the reader of a command line is still owed a sentence
        return _complain(f"a fault in symback, please report it: {type(error).__name__}: {error}")


def _complain(sentence: str) -> int:
    print(f"symback: {sentence}", file=sys.stderr)
    return 2


def _expression_first(argument: str) -> str:
    """An expression that begins with a minus, such as -sum(X), kept apart from the options."""
    return " " + argument if re.match(r"-\w[\w.]*\s*[(@*/+]|-[(\d]|-\w+\s", argument) else argument


def parser() -> argparse.ArgumentParser:
    """What can be said on the command line."""
    top = argparse.ArgumentParser(
        prog="symback",
        description="Backpropagation in matrix form: derived step by step, explained, proved and checked.",
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    derive = commands.add_parser("derive", help="derive the gradients of a forward pass, with every step")
    derive.set_defaults(run=run_derive)
    derive.add_argument(
        "what", metavar="FILE|NAME|EXPRESSION", help="a derivation file, a name of `symback list`, or an expression"
    )
    derive.add_argument("--wrt", metavar="W1,b1", help="by which arrays; all, where it is not given")
    derive.add_argument("--of", metavar="J", help="which definition is derived, in place of the objective")
    derive.add_argument("--upstream", metavar="G", help="the array that is the gradient by the output")
    derive.add_argument("--kind", choices=KINDS, default="gradient")
    derive.add_argument("--method", choices=METHODS, default="differential", help="(default: %(default)s)")
    derive.add_argument("--shapes", metavar='"A:(m,n) X:(n,p)"', help="the shapes of the arrays in an EXPRESSION")
    derive.add_argument("--assume", metavar='"symmetric(A)"', action="append", default=[], help="facts, as in a file")
    derive.add_argument("--notation", metavar="partial,W^[1]", default="", help="dW, partial, delta; W_1, W^[1], W^(1)")
    derive.add_argument("--fragment", action="store_true", help="LaTeX without a preamble, for another document")
    _output(derive, FORMATS)
    verify = commands.add_parser("verify", help="judge gradients that were derived by hand")
    verify.set_defaults(run=run_verify)
    verify.add_argument("what", metavar="FILE|NAME", help="a derivation file with claims such as dW2 = dZ2 @ A1.T")
    verify.add_argument(
        "--claim", metavar='"dW1 = ..."', action="append", default=[], help="a claim to judge in place of the file's"
    )
    verify.add_argument("--of", metavar="J", help="which definition is the objective")
    verify.add_argument(
        "--code", metavar="FUNCTION", help="RUN the Python code of FILE and judge what this function does"
    )
    verify.add_argument("--shapes", metavar='"X:(n,m) p.W1:(k,n)"', help="with --code: the shapes of its arguments")
    verify.add_argument("--wrt", metavar="W1,b1", help="with --code: the order of the gradients in a returned tuple")
    _output(verify, ("text", "markdown", "latex", "json"))
    gallery = commands.add_parser("gallery", help="write a page of every derivation, and a page of all")
    gallery.set_defaults(run=run_gallery)
    gallery.add_argument("folder", metavar="FOLDER", nargs="?", default="gallery", help="(default: %(default)s)")
    for name, run, text in (
        ("list", run_list, "the derivations that come with symback"),
        ("rules", run_rules, "the rules that symback derives by"),
        ("shell", run_shell, "a Python session with everything imported"),
    ):
        commands.add_parser(name, help=text).set_defaults(run=run)
    return top


def _output(command: argparse.ArgumentParser, formats: tuple[str, ...]) -> None:
    command.add_argument("--format", choices=formats, default="text", help="(default: %(default)s)")
    command.add_argument("-o", dest="path", metavar="PATH", help="write to a file in place of standard output")


# --- commands ----------------------------------------------------------------------------------------


def run_derive(arguments: argparse.Namespace) -> int:
    """Derive, check, write."""
    from symback.calculus.derive import derive

    problem = _problem(arguments.what, arguments.shapes, arguments.assume)
    derivation = derive(
        problem,
        _names(arguments.wrt),
        of=arguments.of,
        upstream=arguments.upstream,
        kind=arguments.kind,
        method=arguments.method,
    )
    if arguments.fragment and arguments.format != "latex":
        raise SymbackError("--fragment goes with --format latex")
    colour, notation = _coloured(arguments.path), arguments.notation
    _write(_formatted(derivation, arguments.format, colour, notation, arguments.fragment), arguments.path)
    return 0


def run_verify(arguments: argparse.Namespace) -> int:
    """Judge each claim; 1 where one is wrong."""
    from symback.checking.verify import verify

    if arguments.code is not None:
        return run_code(arguments)
    if arguments.shapes is not None or arguments.wrt is not None:
        raise SymbackError("--shapes and --wrt go with --code; a derivation file declares its shapes itself")
    problem = _problem(arguments.what, None, [])
    claims = dict(_claim(text) for text in arguments.claim) or None
    verdicts = verify(problem, claims, of=arguments.of)
    if not verdicts:
        raise SymbackError(
            "no claim to judge; write one such as dW2 = dZ2 @ A1.T below the objective", file=problem.file
        )
    return _report(problem.title, verdicts, arguments)


def run_code(arguments: argparse.Namespace) -> int:
    """Run a file's code, on this explicit request only, and judge the gradients that a function in it returns."""
    from symback.tracing.from_file import load_function, read_shapes
    from symback.tracing.verify_code import verify_code

    if arguments.shapes is None:
        raise SymbackError('--code needs --shapes, such as --shapes "X:(n_0,m) Y:(n_2,m) parameters.W1:(n_1,n_0)"')
    if arguments.claim or arguments.of is not None:
        raise SymbackError("--claim and --of go with a derivation file, not with --code")
    shapes = read_shapes(arguments.shapes)
    step = load_function(arguments.what, arguments.code)
    verdicts = verify_code(step, wrt=_names(arguments.wrt), **shapes)
    return _report(f"{arguments.code} in {arguments.what}", verdicts, arguments)


def _report(title: str, verdicts: tuple[Verdict, ...], arguments: argparse.Namespace) -> int:
    from symback.writeup.verdicts import write_verdicts

    _write(write_verdicts(title, verdicts, arguments.format, colour=_coloured(arguments.path)), arguments.path)
    return int(not all(verdict.right for verdict in verdicts))


def _names(text: str | None) -> list[str] | None:
    """What --wrt lists."""
    names = None if text is None else [name.strip() for name in text.split(",")]
    if names is not None and "" in names:
        raise SymbackError(f"--wrt names arrays, as in W1,b1, and not {text!r}")
    return names


def run_list(arguments: argparse.Namespace) -> int:
    """One line for each derivation: its name, its title."""
    files = shipped()
    width = max(map(len, files))
    _write("".join(f"{name:{width}}  {title(path)}\n" for name, path in files.items()))
    return 0


def run_gallery(arguments: argparse.Namespace) -> int:
    """The pages, and where they are."""
    from symback.writeup.explorer.gallery import write_gallery

    written = write_gallery(Path(arguments.folder))
    _write(f"{written[0]}  and {len(written) - 1} derivations beside it\n")
    return 0


def run_rules(arguments: argparse.Namespace) -> int:
    """Each rule: its title, its statement, the reason, where it is written."""
    from symback.calculus.sweep import statement
    from symback.ops import RULES

    bold, plain = ("\033[1m", "\033[0m") if _coloured(None) else ("", "")
    _write("\n".join(
        f"{bold}{rule.title}{plain}\n    {statement(rule)}\n    because {rule.because}\n    {rule.reference}\n"
        for rule in RULES.values()
    ))  # fmt: skip
    return 0


def run_shell(arguments: argparse.Namespace) -> int:
    """IPython where there is one, else Python's own prompt."""
    import code

    import numpy
    import sympy

    import symback

    sympy.init_printing()
    names = {name: getattr(symback, name) for name in symback.__all__} | {"sb": symback, "np": numpy, "sympy": sympy}
    banner = f"symback: {', '.join(sorted(symback.__all__))}; also sb, np, sympy"
    try:
        from IPython import start_ipython
    except ImportError:
        code.interact(banner, local=names, exitmsg="")
    else:
        print(banner)
        start_ipython(argv=["--no-banner"], user_ns=names)
    return 0


# --- input and output --------------------------------------------------------------------------------


def _problem(what: str, shapes: str | None, facts: list[str]) -> Problem:
    """The problem in a file, in a shipped derivation, or of an expression."""
    from symback.language.read import load, parse

    if shapes is not None:
        return parse(_text(what, shapes, facts), file="EXPRESSION")
    if facts:
        raise SymbackError("--assume goes with an expression and --shapes; in a file, say assume(...)")
    path = Path(what)
    if not what.strip():
        raise SymbackError("a file, a name of `symback list` or an expression was expected, not an empty text")
    if re.fullmatch(r"\w+", what) and what in shipped():
        path = shipped()[what]
    elif not (what.endswith(".py") or "/" in what or _exists(path)):
        raise SymbackError(
            f"{what} is no file and no derivation of `symback list`; an expression needs --shapes, as in "
            '--shapes "A:(m,n) X:(n,p)"'
        )
    return load(path)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # a name that no file system has
        return False


def _text(expression: str, shapes: str, facts: list[str]) -> str:
    """A derivation file that states the expression."""
    pattern = r"\s*(\w+)\s*:\s*(\([^()]*\))[\s,;]*"
    declarations = re.findall(pattern, shapes)
    text = " ".join(expression.split())
    if not text:
        raise SymbackError("an expression was expected, not an empty text")
    if not declarations or re.sub(pattern, "", shapes).strip():
        raise SymbackError(f'--shapes is written "A:(m,n) x:(n,1) s:()", not {shapes!r}')
    names = {name for name, _ in declarations}
    objective = next(name for name in ("J", "f", "objective_") if name not in names)
    lines = [f"{name}: {shape}" for name, shape in declarations]
    lines += [f"assume({fact})" for fact in facts]
    return "\n".join([*lines, f"{objective} = {text}", f"objective({objective})", ""])


def _claim(text: str) -> tuple[str, str]:
    name, equals, formula = text.partition("=")
    if not equals or not name.strip().isidentifier():
        raise SymbackError(f'a claim is written "dW1 = dZ1 @ X.T", not {text!r}')
    return name.strip(), formula.strip()


def _formatted(derivation: Derivation, form: str, colour: bool, notation: str, fragment: bool) -> str | bytes:
    """The derivation in one of the formats; a step that fails its check is an error, and nothing is printed."""
    report = derivation.check(strict=True)
    match form:
        case "latex":
            return derivation.to_latex(report, fragment=fragment, notation=notation)
        case "markdown":
            return derivation.to_markdown(report, notation=notation)
        case "html":
            return derivation.to_html(report, notation=notation)
        case "json":
            return derivation.to_json(report)
        case "numpy":
            return derivation.to_numpy()
        case "pdf":
            from symback.writeup.pdf import to_pdf

            return to_pdf(derivation.to_latex(report, notation=notation))
        case _:
            return derivation.to_text(report, colour, notation=notation)


def _coloured(path: str | None) -> bool:
    """Colour is for a terminal, unless NO_COLOR says no."""
    return path is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _write(text: str | bytes, path: str | None = None) -> None:
    """To a file, or to standard output; a PDF goes to a terminal never."""
    if path is not None:
        data = text if isinstance(text, bytes) else (text if text.endswith("\n") else text + "\n").encode()
        Path(path).write_bytes(data)
    elif isinstance(text, bytes):
        if sys.stdout.isatty():
            raise SymbackError("a PDF is not for a terminal; say -o PATH")
        sys.stdout.buffer.write(text)
    else:
        if hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(errors="backslashreplace")  # a terminal without Unicode gets escapes, not an error
        sys.stdout.write(text if text.endswith("\n") else text + "\n")
