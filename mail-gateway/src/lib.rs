//! Mailboxes fetched, mail doors, threading, delivery.
//!
//! Threading's ground stands: which messages a message answers. Doors and delivery come with mail.

mod threading;

pub use threading::{MAX_MESSAGE_ID_BYTES, MAX_REFERENCES, MessageId, Threading};
