//! The database tests, on SQLite and on PostgreSQL.
