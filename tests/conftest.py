"""What holds for every test."""

from hypothesis import HealthCheck, settings

# No clock, and the same examples each time: a verdict depends on the code, not on the day or a busy machine.
# New examples are sought by hand: pytest --hypothesis-profile=fresh
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("fresh", UNHURRIED, max_examples=1000)
settings.register_profile("steady", UNHURRIED, derandomize=True)
settings.load_profile("steady")
