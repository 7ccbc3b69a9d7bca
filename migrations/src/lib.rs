//! The database schema, one step a file.
//!
//! Steps are plain SQL, written once for both engines: the few types that differ are tokens in
//! braces (see [`dialect`]). A step that has been released is never edited; a change is a new
//! step, widened before it is narrowed.

mod dialect;
mod m0001_people;
mod m0002_customers;
mod m0003_callcenter;
mod m0004_calls;
mod m0005_search;
mod m0006_house;
mod m0007_phones;
mod m0008_quality;
mod m0009_traces;
mod m0010_recording_policy;
mod m0011_keeping;
mod m0012_media_security;
mod m0013_redirect;
mod m0014_recording_reason;
mod m0015_segments;
mod m0016_recording_consent;

use sea_orm_migration::prelude::*;

struct Steps;

#[async_trait::async_trait]
impl MigratorTrait for Steps {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_people::Migration),
            Box::new(m0002_customers::Migration),
            Box::new(m0003_callcenter::Migration),
            Box::new(m0004_calls::Migration),
            Box::new(m0005_search::Migration),
            Box::new(m0006_house::Migration),
            Box::new(m0007_phones::Migration),
            Box::new(m0008_quality::Migration),
            Box::new(m0009_traces::Migration),
            Box::new(m0010_recording_policy::Migration),
            Box::new(m0011_keeping::Migration),
            Box::new(m0012_media_security::Migration),
            Box::new(m0013_redirect::Migration),
            Box::new(m0014_recording_reason::Migration),
            Box::new(m0015_segments::Migration),
            Box::new(m0016_recording_consent::Migration),
        ]
    }
}

/// Brings the database to the newest schema. Does nothing when it is there already.
///
/// `db` must be a connection that may write.
pub async fn run(db: &sea_orm::DatabaseConnection) -> Result<(), DbErr> {
    Steps::up(db, None).await
}

/// How many steps the database still lacks; 0 means that the schema is current.
pub async fn pending(db: &sea_orm::DatabaseConnection) -> Result<usize, DbErr> {
    Ok(Steps::get_pending_migrations_read_only(db).await?.len())
}
