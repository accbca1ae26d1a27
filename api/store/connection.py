"""The connection that services hand from one repository to the next.

Services never speak SQL; they only carry the transaction they were given.
"""

from sqlalchemy import Connection

__all__ = ["Connection"]
