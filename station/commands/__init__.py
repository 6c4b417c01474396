"""The command line of the station. This package and its parsers import nothing heavy."""
