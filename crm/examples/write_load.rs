//! What the database costs for calls: begins, connects and finishes calls at a given rate, five
//! writes each, and says how long the writes took and how much processor time they used.
//!
//! `cargo run --release -p crm --example write_load -- [DATABASE_URL] [CALLS_PER_S] [SECONDS]`;
//! without a URL a fresh SQLite file in the temporary folder is used. A rate of 0 means as fast as
//! it goes, with 64 calls at a time.

use std::time::{Duration, Instant};

use crm::{
    Db, DbConfig, Lane,
    calls::{self, FinishCall, NewCall, NewLeg},
    now,
    recordings::{self, NewRecording, RecordingEnd},
    words::{CallEndedBy, CallState, Direction, EndCause, LegRole, MatchKind, RecordingStatus, Role},
};
use uuid::Uuid;

type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let mut words = std::env::args().skip(1);
    let file = std::env::temp_dir().join(format!("crm-load-{}.db", Uuid::now_v7()));
    let url = words.next().unwrap_or_else(|| format!("sqlite:{}", file.display()));
    let rate: u32 = words.next().as_deref().unwrap_or("100").parse()?;
    let seconds: u64 = words.next().as_deref().unwrap_or("10").parse()?;
    let db = Db::open(&DbConfig::new(url)).await?;
    db.migrate().await?;
    let agent = agent(&db).await?;

    let cpu_before_ms = cpu_ms()?;
    let began = Instant::now();
    let times = match rate {
        0 => flat_out(&db, agent, Duration::from_secs(seconds)).await?,
        _ => paced(&db, agent, rate, seconds).await?,
    };
    let took = began.elapsed();
    report(times, took, cpu_ms()? - cpu_before_ms);
    db.close().await?;
    for name in ["", "-wal", "-shm"] {
        // There is none with PostgreSQL.
        std::fs::remove_file(format!("{}{name}", file.display())).ok();
    }
    Ok(())
}

async fn paced(db: &Db, agent: Uuid, rate: u32, seconds: u64) -> Outcome<Vec<Duration>> {
    let mut tick = tokio::time::interval(Duration::from_secs(1) / rate);
    let mut running = Vec::new();
    for _ in 0..u64::from(rate) * seconds {
        tick.tick().await;
        running.push(tokio::spawn(one_call(db.clone(), agent)));
    }
    let mut times = Vec::new();
    for call in running {
        times.extend(call.await??);
    }
    Ok(times)
}

async fn flat_out(db: &Db, agent: Uuid, time: Duration) -> Outcome<Vec<Duration>> {
    const AT_ONCE: usize = 64;
    let end = Instant::now() + time;
    let line = |db: Db| async move {
        let mut times = Vec::new();
        while Instant::now() < end {
            times.extend(one_call(db.clone(), agent).await?);
        }
        Outcome::Ok(times)
    };
    let lines: Vec<_> = (0..AT_ONCE).map(|_| tokio::spawn(line(db.clone()))).collect();
    let mut times = Vec::new();
    for line in lines {
        times.extend(line.await??);
    }
    Ok(times)
}

/// The five writes of a call, and how long each took.
async fn one_call(db: Db, agent: Uuid) -> Outcome<Vec<Duration>> {
    let id = Uuid::now_v7();
    let recording = Uuid::now_v7();
    let mut times = Vec::with_capacity(5);
    macro_rules! step {
        (|$tx:ident| $work:expr) => {{
            let began = Instant::now();
            db.write(Lane::Calls, move |$tx| Box::pin(async move { $work })).await?;
            times.push(began.elapsed());
        }};
    }
    step!(|tx| {
        calls::begin(tx, &new_call(id)).await?;
        calls::add_leg(tx, &new_leg(id, LegRole::Customer, None)).await
    });
    step!(|tx| calls::set_state(tx, id, CallState::Waiting, now()).await);
    step!(|tx| {
        calls::offered(tx, id, agent, now()).await?;
        calls::add_leg(tx, &new_leg(id, LegRole::Agent, Some(agent))).await
    });
    step!(|tx| {
        calls::answered(tx, id, Some(agent), now()).await?;
        recordings::begin(tx, &new_recording(recording, id)).await
    });
    step!(|tx| calls::finish(tx, &finish_call(id, recording)).await);
    Ok(times)
}

async fn agent(db: &Db) -> crm::Result<Uuid> {
    let new = crm::users::NewUser {
        email: format!("{}@aurora.example", Uuid::now_v7()),
        display_name: "Agent".to_owned(),
        password_hash: "none".to_owned(),
        role: Role::Agent,
        locale: None,
    };
    let user =
        db.write(Lane::Calls, move |tx| Box::pin(async move { crm::users::create(tx, &new).await })).await?;
    Ok(user.id)
}

fn new_call(id: Uuid) -> NewCall {
    NewCall {
        id,
        node: "load".to_owned(),
        lease_until: now() + Duration::from_secs(30),
        direction: Direction::Inbound,
        trunk: Some("load".to_owned()),
        caller: "+34600000001".to_owned(),
        called: "+34910000100".to_owned(),
        queue_id: None,
        user_id: None,
        contact_id: None,
        match_kind: MatchKind::Unknown,
        state: CallState::Greeting,
        started_at: now(),
        test: true,
    }
}

fn new_leg(call_id: Uuid, role: LegRole, user_id: Option<Uuid>) -> NewLeg {
    NewLeg {
        id: Uuid::now_v7(),
        call_id,
        role,
        user_id,
        peer: "+34600000001".to_owned(),
        sip_call_id: call_id.to_string(),
        started_at: now(),
    }
}

fn new_recording(id: Uuid, call_id: Uuid) -> NewRecording {
    NewRecording {
        id,
        call_id,
        path: format!("recordings/{id}.wav"),
        started_at: now(),
        sample_rate: 8000,
        channels: 2,
    }
}

fn finish_call(call_id: Uuid, recording: Uuid) -> FinishCall {
    let end = RecordingEnd {
        id: recording,
        status: RecordingStatus::Ready,
        duration_ms: 0,
        bytes: 44,
        sample_rate: None,
    };
    FinishCall {
        call_id,
        at: now(),
        by: CallEndedBy::Customer,
        cause: EndCause::Completed,
        legs: Vec::new(),
        recordings: vec![end],
    }
}

fn report(mut times: Vec<Duration>, took: Duration, cpu_ms: u64) {
    times.sort_unstable();
    let at = |pct: usize| times.get((times.len().max(1) - 1) * pct / 100).copied().unwrap_or_default();
    let writes = times.len() as f64;
    println!("{:.0} calls/s, {:.0} writes/s", writes / 5.0 / took.as_secs_f64(), writes / took.as_secs_f64());
    println!("a write: median {:.1?}, 99 % {:.1?}, worst {:.1?}", at(50), at(99), at(100));
    println!("processor: {:.0} µs a call", cpu_ms as f64 * 1000.0 * 5.0 / writes);
}

/// Processor time of this process so far, user and system, in ms (proc(5): clock ticks of 10 ms).
fn cpu_ms() -> Outcome<u64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let after_name = stat.rsplit_once(')').ok_or("no process name")?.1;
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).ok_or("short")?.parse::<u64>().map_err(|_| "odd");
    Ok((ticks(11)? + ticks(12)?) * 10)
}
