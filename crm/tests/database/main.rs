//! The database tests, on SQLite and on PostgreSQL.

mod agents;
mod calls;
mod calls_log;
mod customers;
mod house;
mod people;
mod quality;
mod recovery;
mod search;
mod segments;
mod support;
mod timeline;
mod traces;
mod writes;
