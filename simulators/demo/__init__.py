"""The demo: the station's main job on simulators, with two faults, and every number checked afterwards."""
