"""From an image of a finger to its minutiae: numpy and scipy alone, one file for each step."""
