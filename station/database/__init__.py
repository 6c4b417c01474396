"""The engine, the tables and the migrations. Only this folder and the `store.py` files use SQLAlchemy."""

from station.database.engine import Database, Transaction

__all__ = ["Database", "Transaction"]
