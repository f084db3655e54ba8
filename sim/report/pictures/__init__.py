"""Pictures as SVG and PNG, one file a subject."""
