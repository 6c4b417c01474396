"""Why a report cannot be drawn."""


class ReportError(Exception):
    """A report cannot be drawn. Nothing was written."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem
