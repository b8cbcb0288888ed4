from tests.committed_database import committed_db, migrated_database

__all__ = ["committed_db", "migrated_database"]
