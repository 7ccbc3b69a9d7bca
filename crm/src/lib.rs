//! The shared customer database: records, users and rights, search, interactions.
//!
//! One module a subject; SQL lives here and in `migrations` alone. Functions that take
//! `tx: &impl Read` write, and belong into the closure of [`Db::write`]:
//!
//! ```no_run
//! # async fn example(db: crm::Db, contact: uuid::Uuid, user: uuid::Uuid) -> crm::Result<()> {
//! let note = db
//!     .write(crm::Lane::Calls, move |tx| {
//!         Box::pin(async move { crm::interactions::add_note(tx, contact, user, "called back").await })
//!     })
//!     .await?; // on disk from here on
//! # Ok(())
//! # }
//! ```
//!
//! Functions that take `db: &impl Read` read, from a [`Db`] or in the midst of a write from its
//! [`Tx`].

pub mod agent_history;
pub mod audit;
pub mod bindings;
pub mod calls;
mod check;
pub mod companies;
pub mod contacts;
mod db;
pub mod devices;
pub mod dispositions;
mod error;
mod hex;
pub mod holds;
pub mod interactions;
pub mod keeping;
pub mod keys;
pub mod leads;
mod linked;
pub mod not_ready_reasons;
mod page;
pub mod password;
mod patch;
pub mod phone;
pub mod queues;
pub mod recordings;
pub mod rights;
pub mod routes;
pub mod search;
mod secret;
pub mod segments;
pub mod sessions;
pub mod settings;
mod sql;
mod text_enum;
pub mod tickets;
pub mod tokens;
pub mod traces;
pub mod users;
pub mod words;

pub use db::{BoxFuture, DEFAULT_READERS, Db, DbConfig, Lane, Tx, WRITE_LIMIT};
pub use error::{Error, Result};
pub use keys::Keys;
pub use page::{DEFAULT_PAGE_ROWS, MAX_PAGE_ROWS, Page, PageRequest};
pub use patch::present;
pub use sql::{Read, now};
