"""One station process works at a time; other commands ask it over a UNIX socket."""
