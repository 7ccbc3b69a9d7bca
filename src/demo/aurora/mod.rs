//! The invented company, as data and in the database.

mod book;
mod companies;
mod history;
mod house;
mod names;
mod numbers;
mod past_calls;
mod people;
mod seed;
mod stories;
mod switchboard;
mod texts;

pub use book::Book;
pub use house::{DOMAIN, PASSWORD};
pub use numbers::{BUSY_SUFFIX, NO_ANSWER_SUFFIX};
pub use seed::{DemoDevice, Seeded, seed};
