"""Showing a forecast."""

from station.batches.forecast import Forecast
from station.commands.context import Context
from station.language import marked


def show_forecast(context: Context, expected: Forecast) -> None:
    """Say what a batch will need."""
    output = context.output
    output.say(
        marked("{cards} cards: about {blanks} blanks, {panels} ribbon panels, {minutes} minutes."),
        cards=expected.cards,
        blanks=expected.blanks,
        panels=expected.panels,
        minutes=f"{expected.minutes:.0f}",
    )
    source = (
        marked("our own rate")
        if expected.spoil_source == "own"
        else marked("published rate, Pekalongan 2016")
    )
    output.say(
        marked("Expected spoil: {rate} % ({source})."),
        rate=f"{expected.spoil_rate * 100:.1f}",
        source=output.language.text(source),
    )
    if expected.first_out:
        what, lane, after = expected.first_out
        name = marked("blanks in the hopper") if what == "blanks" else marked("ribbon")
        output.say(
            marked("First to run out: {what} of lane {lane}, after {after} cards."),
            what=output.language.text(name),
            lane=lane,
            after=after,
        )
