"""The database's revisions, applied by `backend.database.upgrade` through Alembic."""
