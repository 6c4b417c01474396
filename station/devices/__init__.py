"""Opens devices by URL, and turns the drivers' exceptions and readings into the station's.

Only this folder imports drivers: a door for each kind of device. Nothing behind it knows what is simulated.
"""
