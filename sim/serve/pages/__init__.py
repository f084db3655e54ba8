"""Templates, style and script of the live class: what is shown, and nothing that decides."""
