"""Synthetic fingers: they look and match like fingers and belong to nobody. See README.md."""

from simulators.fingers.finger import Finger, seed_of
from simulators.fingers.pattern import Pattern
from simulators.fingers.plate import Defects, Frame
from simulators.fingers.template import finger_record

__all__ = ["Defects", "Finger", "Frame", "Pattern", "finger_record", "seed_of"]
