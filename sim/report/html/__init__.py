"""The report: one self-contained HTML file, readable without JavaScript, with nothing fetched from anywhere."""
