"""Does a zone exist? Exact, over all packages."""
