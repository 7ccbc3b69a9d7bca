//! Where registered devices are to be found (RFC 3261 section 10), kept across a restart.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;

use crate::{
    Error, Result,
    sql::{self, Read, now, values},
};

/// The registrar allows fewer; this is the table's own guard.
pub const MAX_BINDINGS_OF_A_DEVICE: usize = 32;

#[derive(Debug, Clone, PartialEq)]
pub struct BindingRow {
    pub contact_uri: String,
    pub expires_at: DateTime<Utc>,
    /// The binding whole, in the registrar's own shape.
    pub detail: serde_json::Value,
}

/// These, in this order, are the device's bindings now; none removes all.
pub async fn save(tx: &impl Read, username: &str, bindings: &[BindingRow]) -> Result<()> {
    if bindings.len() > MAX_BINDINGS_OF_A_DEVICE {
        return Err(Error::invalid_with("bindings", "too_many", "max", MAX_BINDINGS_OF_A_DEVICE));
    }
    sql::exec(tx, "DELETE FROM bindings WHERE username = $1", values![username]).await?;
    for (binding, position) in bindings.iter().zip(0_i32..) {
        let row = vec![
            ("username", username.into()),
            ("position", position.into()),
            ("contact_uri", binding.contact_uri.clone().into()),
            ("expires_at", binding.expires_at.into()),
            ("detail", binding.detail.clone().into()),
        ];
        sql::insert(tx, "bindings", row).await?;
    }
    Ok(())
}

/// What has not expired, by device.
pub async fn all_fresh(db: &impl Read) -> Result<Vec<(String, Vec<BindingRow>)>> {
    #[derive(FromQueryResult)]
    struct Row {
        username: String,
        contact_uri: String,
        expires_at: DateTime<Utc>,
        detail: serde_json::Value,
    }
    let sql = "SELECT username, contact_uri, expires_at, detail FROM bindings WHERE expires_at > $1 \
         ORDER BY username, position";
    let mut devices: BTreeMap<String, Vec<BindingRow>> = BTreeMap::new();
    for row in sql::rows::<Row>(db, sql, values![now()]).await? {
        let Row { username, contact_uri, expires_at, detail } = row;
        devices.entry(username).or_default().push(BindingRow { contact_uri, expires_at, detail });
    }
    Ok(devices.into_iter().collect())
}

/// How many there were.
pub async fn delete_expired(tx: &impl Read) -> Result<u64> {
    sql::exec(tx, "DELETE FROM bindings WHERE expires_at <= $1", values![now()]).await
}
