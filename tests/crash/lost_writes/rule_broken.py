"""What a rule raises."""


class RuleBroken(Exception):
    """A rule does not hold."""
