"""The rig: starts every simulator, makes the token, and writes the `station.toml` that names them."""

from simulators.rig.admin_client import (
    AdminClient,
    AdminRefusal,
    CentreClient,
    CentreView,
    ScannerClient,
    ScannerView,
)
from simulators.rig.errors import RigError
from simulators.rig.options import RigOptions
from simulators.rig.printer_view import CardView, PrinterView
from simulators.rig.rig import Rig, is_folder_busy

__all__ = [
    "AdminClient",
    "AdminRefusal",
    "CardView",
    "CentreClient",
    "CentreView",
    "PrinterView",
    "Rig",
    "RigError",
    "RigOptions",
    "ScannerClient",
    "ScannerView",
    "is_folder_busy",
]
