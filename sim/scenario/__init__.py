"""From YAML to a case, safely, with sources."""
