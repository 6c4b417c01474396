"""Words that argparse shows to people, as messages of ours.

argparse takes its words from the process's text domain, which `station.commands.main` makes ours. They are
written in Python's source, where our extraction does not look. Here they are marked, so that extraction finds
them and `pybabel update` keeps their translations. The program itself never imports this module.
A test compares them with the source of the argparse in use.
"""

from station.language import marked

HELP = (
    marked("usage: "),
    marked("positional arguments"),
    marked("options"),
    marked("subcommands"),
    marked("show this help message and exit"),
)

COMPLAINTS = (
    marked("%(prog)s: error: %(message)s\n"),
    marked("argument %(argument_name)s: %(message)s"),
    marked("the following arguments are required: %s"),
    marked("unrecognized arguments: %s"),
    marked("ambiguous option: %(option)s could match %(matches)s"),
    marked("ignored explicit argument %r"),
    marked("expected one argument"),
    marked("expected at most one argument"),
    marked("expected at least one argument"),
    marked("invalid %(type)s value: %(value)r"),
    marked("invalid choice: %(value)r (choose from %(choices)s)"),
)

ARGPARSE_WORDS = (*HELP, *COMPLAINTS)
