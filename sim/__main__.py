"""`python -m sim` is the command `ceasefire`; it needs no PATH."""

from sim.cli.app import main

if __name__ == "__main__":
    main()
