"""How Alembic reaches the station's database."""

from alembic import context
from sqlalchemy import Engine

from station.database.tables import metadata


def run() -> None:
    """Apply migrations in one transaction on the engine that the caller has opened."""
    engine = context.config.attributes["engine"]
    if not isinstance(engine, Engine):
        raise TypeError("the caller gives the engine")
    with engine.begin() as connection:
        context.configure(connection=connection, target_metadata=metadata, transaction_per_migration=False)
        context.run_migrations()


run()
