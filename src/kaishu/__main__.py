"""`python -m kaishu`: the command, for hooks that know the interpreter alone."""

from kaishu.cli.main import main

main()
