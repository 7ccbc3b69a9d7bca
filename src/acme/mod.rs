//! The certificate for the hub's public names, from an authority that speaks ACME (RFC 8555), before the
//! old one runs out.
//!
//! One task orders, one order at a time, and confirms the names by HTTP (section 8.3): the authority asks
//! `http://NAME/.well-known/acme-challenge/…`, which must lead to `http.listen`. What it issues goes into
//! one file with its key, by rename, where those who show certificates find it within seconds. Whatever
//! fails, the old certificate stays, the log says why, and it is tried again, ever more rarely.

mod account;
mod challenges;
mod error;
mod held;
mod order;
mod schedule;
mod store;
mod task;
mod wire;

pub use challenges::Challenges;
pub use held::Held;
pub use store::file;
pub use task::start;
