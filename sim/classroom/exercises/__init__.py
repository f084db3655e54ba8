"""The exercises, one file each: how a variant is made, what is asked, and how answers are marked."""
