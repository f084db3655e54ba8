"""`python -m sim` is the command `ceasefire`; it needs no PATH."""

from sim.cli.main import main

if __name__ == "__main__":
    main()
