"""Codes of finger images, minutiae and the sensor's window."""

from station.error_catalogue.entry import (
    CALL_TECHNICIAN,
    FIX,
    NO_BLANK,
    ErrorEntry,
    entry,
)
from station.language import marked

TOUCH_AGAIN = marked("Ask for another touch. If it comes again, call the technician.")

FINGERS: dict[str, ErrorEntry] = {
    "FINGER_IMAGE_IMPOSSIBLE": entry(
        marked("The image of a finger cannot be used: {problem}."),
        NO_BLANK,
        TOUCH_AGAIN,
        marked("Compare size and resolution of the images with the device's settings."),
        FIX,
    ),
    "FINGER_NOT_COMPACT": entry(
        marked("The minutiae do not fit the compact form for a card: {problem}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("The compact form holds at most 25.5 mm and at least one minutia."),
        FIX,
    ),
    "SENSOR_WINDOW_UNLEARNED": entry(
        marked("The window of the fingerprint scanner could not be learned: {problem}."),
        NO_BLANK,
        marked("Clean the plate, keep every finger off it and begin again."),
        marked("It takes blank frames, evenly lit. Look at one frame as a picture."),
        FIX,
    ),
    "SENSOR_WINDOW_UNREADABLE": entry(
        marked("The stored window of the fingerprint scanner cannot be read."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Learn the window again from blank frames."),
        FIX,
    ),
    "SENSOR_WINDOW_MISFITS": entry(
        marked("The stored window belongs to images of {window} dots, this image has {image}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Another scanner or another setting: learn the window again from blank frames."),
        FIX,
    ),
    "EXTRACTOR_ABSENT": entry(
        marked("The extractor nbis cannot be used here: {problem}."),
        NO_BLANK,
        CALL_TECHNICIAN,
        marked("Choose the station's own extractor, or install the extra nbis where glibc is 2.34 to 2.37."),
        FIX,
    ),
}
