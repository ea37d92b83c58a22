"""App state: users, sessions, settings, audit events (SQLAlchemy; SQLite by default)."""
