//! The API driven as a browser and a program drive it, on both databases.

mod crm_routes;
mod document;
mod during;
mod holds;
mod https;
mod live;
mod recordings;
mod rights;
mod session;
pub(crate) mod site;
mod staff;
mod switchboard;

#[path = "../../../crm/tests/database/support/postgres.rs"]
mod postgres;
mod traces;
