"""An exercise as one offline page for a class, whose answers leave as files that are marked elsewhere."""
