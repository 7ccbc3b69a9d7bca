//! The commands that look after recordings. They may run beside the hub.

use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::{NaiveTime, Utc};
use crm::keeping::{self, KeptFile};
use crm::words::RecordingStatus;
use crm::{Db, Lane, recordings};

use super::args::{Expire, Verify};
use super::output::{self, Failure};
use super::serve;
use super::users::migrated;
use crate::archive::{self, Finding, Policy};

/// Rows read, and findings written, at once.
const LOOKED_AT_ONCE: u32 = 100;
/// Whoever waits for a long look wants to see that it goes on.
const PROGRESS_EVERY: Duration = Duration::from_secs(5);

/// What a look at all of them found.
#[derive(Default)]
struct Tally {
    whole: u64,
    altered: u64,
    missing: u64,
    unreadable: u64,
    no_sum: u64,
}

impl Tally {
    fn looked_at(&self) -> u64 {
        self.whole + self.no_sum + self.broken()
    }

    fn broken(&self) -> u64 {
        self.altered + self.missing + self.unreadable
    }
}

pub fn verify(asked: &Verify) -> Result<(), Failure> {
    let loaded = serve::load(&asked.config)?;
    let since = asked.since.map(|day| day.and_time(NaiveTime::MIN).and_utc());
    serve::runtime()?.block_on(async {
        let db = migrated(&loaded).await?;
        let (node, data_dir) = (&loaded.config.hub.node, &loaded.config.hub.data_dir);
        let (mut tally, mut after, mut said) = (Tally::default(), None, Instant::now());
        loop {
            let files = keeping::closed(&db, node, since, after, LOOKED_AT_ONCE).await?;
            let Some(last) = files.last() else { break };
            after = Some((last.started_at, last.id));
            let mut found = Vec::new();
            for file in files {
                if let Some(intact) = look(&db, data_dir.join(&file.path), &file, &mut tally).await? {
                    found.push((file.id, intact));
                }
                if said.elapsed() >= PROGRESS_EVERY {
                    said = Instant::now();
                    // Progress is a courtesy: the result goes to standard output.
                    let _ = writeln!(std::io::stderr(), "{} looked at", tally.looked_at());
                }
            }
            let at = crm::now();
            db.write(Lane::Bulk, move |tx| {
                Box::pin(async move {
                    for (id, intact) in found {
                        keeping::set_verified(tx, id, intact, at).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        }
        db.close().await?;
        let Tally { whole, altered, missing, unreadable, no_sum } = &tally;
        output::print(&format!(
            "{} looked at: {whole} whole, {altered} altered, {missing} missing, {unreadable} unreadable, \
             {no_sum} without a sum yet",
            tally.looked_at()
        ))?;
        if tally.broken() == 0 { Ok(()) } else { Err(Failure::NotWhole(tally.broken())) }
    })
}

/// Whether it is whole, where that can be said; prints a line if it is not.
async fn look(db: &Db, path: PathBuf, file: &KeptFile, tally: &mut Tally) -> Result<Option<bool>, Failure> {
    let known = file.sha256.clone();
    let looked = tokio::task::spawn_blocking(move || archive::look(&path, known.as_deref())).await;
    let finding = looked.unwrap_or_else(|failure| Finding::Unreadable(std::io::Error::other(failure)));
    let word = match &finding {
        Finding::Whole => {
            tally.whole += 1;
            return Ok(Some(true));
        }
        Finding::NoSum => {
            tally.no_sum += 1;
            return Ok(None);
        }
        // The hub, which runs beside this, may have let go of it meanwhile.
        Finding::Missing if recordings::get(db, file.id).await?.status != RecordingStatus::Ready => {
            return Ok(None);
        }
        Finding::Missing => {
            tally.missing += 1;
            "missing".to_owned()
        }
        Finding::Altered => {
            tally.altered += 1;
            "altered".to_owned()
        }
        Finding::Unreadable(error) => {
            tally.unreadable += 1;
            format!("unreadable ({error})")
        }
    };
    output::print(&format!("{word}: {} recording {} of call {}", file.path, file.id, file.call_id))?;
    // What cannot be read now may be whole.
    Ok((!matches!(finding, Finding::Unreadable(_))).then_some(false))
}

pub fn expire(asked: &Expire) -> Result<(), Failure> {
    let loaded = serve::load(&asked.config)?;
    serve::runtime()?.block_on(async {
        let db = migrated(&loaded).await?;
        let (node, data_dir) = (&loaded.config.hub.node, &loaded.config.hub.data_dir);
        let policy = Policy::OlderThan { days: asked.older_than };
        let swept = archive::sweep(&db, node, data_dir, policy, Utc::now()).await?;
        db.close().await?;
        output::print(&format!("{} recordings let go, {} files removed", swept.expired, swept.removed))
    })
}
