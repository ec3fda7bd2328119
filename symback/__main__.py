"""``python -m symback`` is the command ``symback``."""

from symback.cli import main

raise SystemExit(main())
