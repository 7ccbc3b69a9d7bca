//! Bearer tokens for programs.

use chrono::{DateTime, Utc};
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    Result, check, secret,
    sql::{self, Read, now, values},
    users::{self, User},
};

/// Tells a token from other secrets, and tells secret scanners what they found.
const PREFIX: &str = "ctl_";

/// A token as it is listed: without the secret, which nobody has but its owner.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, FromQueryResult)]
pub struct ApiToken {
    pub id: Uuid,
    pub name: String,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

/// The token's text; it is shown this once.
pub async fn create(tx: &impl Read, user: Uuid, name: &str) -> Result<String> {
    let token = format!("{PREFIX}{}", secret::new());
    let row = vec![
        ("id", Uuid::now_v7().into()),
        ("token_sha256", secret::sha256(&token).into()),
        ("name", check::name("name", name)?.into()),
        ("user_id", user.into()),
        ("created_at", now().into()),
    ];
    sql::insert(tx, "api_tokens", row).await?;
    Ok(token)
}

/// Token's id and its user, unless that one is not active.
pub async fn by_token(db: &impl Read, token: &str) -> Result<Option<(Uuid, User)>> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        user_id: Uuid,
    }
    let sql = "SELECT id, user_id FROM api_tokens WHERE token_sha256 = $1";
    let Some(row) = sql::row::<Row>(db, sql, values![secret::sha256(token)]).await? else {
        return Ok(None);
    };
    let user = users::by_id(db, row.user_id).await?;
    Ok(user.active.then_some((row.id, user)))
}

pub async fn touch(tx: &impl Read, id: Uuid) -> Result<()> {
    sql::exec(tx, "UPDATE api_tokens SET last_used_at = $1 WHERE id = $2", values![now(), id]).await?;
    Ok(())
}

pub async fn list_of(db: &impl Read, user: Uuid) -> Result<Vec<ApiToken>> {
    let sql = "SELECT id, name, created_at, last_used_at FROM api_tokens WHERE user_id = $1 ORDER BY id";
    sql::rows(db, sql, values![user]).await
}

pub async fn delete(tx: &impl Read, id: Uuid) -> Result<()> {
    sql::exec(tx, "DELETE FROM api_tokens WHERE id = $1", values![id]).await?;
    Ok(())
}
