//! Who may register and call: the registrar's questions, answered from the database.

use std::net::SocketAddr;

use chrono::DateTime;
use crm::Lane;
use crm::bindings::BindingRow;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use sip::{Binding, Device, Directory, DirectoryError, Secret, Transport};
use tracing::{error, warn};

/// The registrar's view of the devices of `crm`.
pub struct Devices {
    pub db: crm::Db,
    pub keys: crm::Keys,
}

impl Directory for Devices {
    fn device(&self, username: &str) -> BoxFuture<'_, Result<Option<Device>, DirectoryError>> {
        let username = username.to_owned();
        async move {
            let found = crm::devices::by_username(&self.db, &self.keys, &username)
                .await
                .map_err(|failure| unavailable(&failure))?;
            Ok(found.map(|credentials| Device {
                username: credentials.device.username,
                secrets: vec![Secret { ha1_md5: credentials.ha1_md5, ha1_sha256: credentials.ha1_sha256 }],
            }))
        }
        .boxed()
    }

    fn save_bindings(
        &self,
        username: &str,
        bindings: &[Binding],
    ) -> BoxFuture<'_, Result<(), DirectoryError>> {
        let username = username.to_owned();
        let rows: Vec<BindingRow> = bindings.iter().map(to_row).collect();
        async move {
            self.db
                .write(Lane::Calls, move |tx| {
                    async move { crm::bindings::save(tx, &username, &rows).await }.boxed()
                })
                .await
                .map_err(|failure| unavailable(&failure))
        }
        .boxed()
    }
}

fn unavailable(failure: &crm::Error) -> DirectoryError {
    error!(%failure, "directory");
    DirectoryError::Unavailable
}

/// What a binding keeps besides its address and its end.
#[derive(Serialize, Deserialize)]
struct Detail {
    source: SocketAddr,
    local: Option<SocketAddr>,
    transport: String,
    call_id: String,
    cseq: u32,
    path: Vec<String>,
    instance_id: Option<String>,
    reg_id: Option<u32>,
    q_permille: u16,
    user_agent: Option<String>,
}

fn to_row(binding: &Binding) -> BindingRow {
    let detail = Detail {
        source: binding.source,
        local: binding.local,
        transport: binding.transport.token().to_owned(),
        call_id: binding.call_id.clone(),
        cseq: binding.cseq,
        path: binding.path.clone(),
        instance_id: binding.instance_id.clone(),
        reg_id: binding.reg_id,
        q_permille: binding.q_permille,
        user_agent: binding.user_agent.clone(),
    };
    BindingRow {
        contact_uri: binding.contact_uri.clone(),
        expires_at: DateTime::from_timestamp_millis(binding.expires_at_unix_ms)
            .unwrap_or(DateTime::UNIX_EPOCH),
        detail: serde_json::to_value(&detail).unwrap_or_default(),
    }
}

fn from_row(row: BindingRow) -> Option<Binding> {
    let detail: Detail = serde_json::from_value(row.detail)
        .inspect_err(|failure| warn!(%failure, "stored binding unreadable: left out"))
        .ok()?;
    Some(Binding {
        contact_uri: row.contact_uri,
        source: detail.source,
        local: detail.local,
        transport: Transport::from_token(&detail.transport)?,
        call_id: detail.call_id,
        cseq: detail.cseq,
        path: detail.path,
        instance_id: detail.instance_id,
        reg_id: detail.reg_id,
        q_permille: detail.q_permille,
        user_agent: detail.user_agent,
        expires_at_unix_ms: row.expires_at.timestamp_millis(),
    })
}

/// The bindings that outlived the last stop, for the registrar's start.
///
/// # Errors
/// When the database does not answer.
pub async fn restored(db: &crm::Db) -> crm::Result<Vec<(String, Vec<Binding>)>> {
    let rows = crm::bindings::all_fresh(db).await?;
    Ok(rows
        .into_iter()
        .map(|(username, rows)| (username, rows.into_iter().filter_map(from_row).collect()))
        .collect())
}
