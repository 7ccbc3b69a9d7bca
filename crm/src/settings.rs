//! Small things that are set once and kept: a JSON value a key.

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Error, Result,
    sql::{self, Read, now, values},
};

/// None when it was never set.
pub async fn get<T: DeserializeOwned>(db: &impl Read, key: &str) -> Result<Option<T>> {
    let value: Option<serde_json::Value> =
        sql::scalar(db, "SELECT value FROM settings WHERE key = $1", values![key]).await?;
    let read =
        |value| serde_json::from_value(value).map_err(|err| Error::Damaged(format!("setting {key}: {err}")));
    value.map(read).transpose()
}

pub async fn put<T: Serialize + Sync>(tx: &impl Read, key: &str, value: &T) -> Result<()> {
    let value = serde_json::to_value(value).map_err(|err| Error::Damaged(format!("setting {key}: {err}")))?;
    let sql = "INSERT INTO settings (key, value, updated_at) VALUES ($1, $2, $3) \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at";
    sql::exec(tx, sql, values![key, value, now()]).await.map(drop)
}
