//! The hub: every room started in its order, run, and stopped in the reverse order.
//!
//! The order matters. What the last run left open is finished before anything is accepted; phones
//! and trunks come before the calls that need them; the console opens last, so that whoever sees
//! it can work.

mod announce;
mod authorities;
pub(crate) mod certificates;
mod counters;
mod doors;
mod error;
mod public;
mod rooms;
pub(crate) mod selfmade;
mod signals;
pub mod storage;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use tracing::info;

pub use error::HubError;

use crate::acme;
use crate::archive;
use crate::calls::{self, CallsParts};
use crate::config::{Config, Mode};
use crate::demo::{Demo, Prepared};
use crate::http::{self, HttpParts, HttpState};
use crate::live::Live;
use crate::ops::{Metrics, Readiness};
use crate::trace::Trace;
use crate::views::{PhoneKind, PhoneServer};
use rooms::Rooms;

/// Runs a hub until it is told to stop.
///
/// # Errors
/// What kept it from starting, in words for the administrator.
pub async fn run(config: Config, mode: Mode) -> Result<(), HubError> {
    let config = Arc::new(config);
    let metrics = Metrics::install()?;
    let readiness = Readiness::default();
    let live = Live::new();
    let base = rooms::database(&config).await?;
    let prepared = match mode {
        Mode::Serve => None,
        Mode::Demo { .. } => {
            Some(Prepared::new(&base.db, &base.keys, on_this_machine(config.media.bind)).await?)
        }
    };
    let trunk = rooms::outbound_trunk(&config, prepared.as_ref());
    let trace = Trace::start(base.db.clone(), config.calls.trace_days);
    let public = public::watched(&config.public).await;
    let told = calls::Told::new(public.clone(), config.media.bind, config.media.advertised);
    let certificate = rooms::certificate(&config, mode)?;
    let Rooms { sip, incoming, media } =
        rooms::open(&config, &base, &trace, mode, certificate.as_ref(), public).await?;
    let calls = calls::start(CallsParts {
        config: Arc::clone(&config),
        db: base.db.clone(),
        keys: base.keys.clone(),
        recording_keys: base.recording_keys.clone(),
        live: live.clone(),
        sip: sip.clone(),
        incoming,
        media: media.clone(),
        told,
        trace: trace.clone(),
        region: base.region,
        language: rooms::language(&config),
        trunk,
        test_calls_from: prepared.as_ref().map(Prepared::customers_addr),
    })
    .await?;
    let archive = archive::start(
        base.db.clone(),
        config.hub.node.clone(),
        config.hub.data_dir.clone(),
        config.recordings.keep_days,
    );
    let demo = match (prepared, mode) {
        (Some(prepared), Mode::Demo { staffed }) => {
            let demo = start_demo(prepared, &sip, staffed).await?;
            if staffed {
                let inside = demo.devices.iter().filter(|device| device.kind == PhoneKind::Demo);
                let agents = inside.map(|device| device.user_id);
                calls.everybody_ready(agents).await;
            }
            Some(demo)
        }
        _ => None,
    };
    counters::publish(media.clone(), sip.clone());
    let doors = doors::console(&config.http, certificate.as_ref()).await?;
    let opened = announce::Opened::of(&doors).map_err(HubError::Listen)?;
    let challenges = acme::Challenges::default();
    let state = HttpState::new(HttpParts {
        db: base.db.clone(),
        keys: base.keys.clone(),
        recording_keys: base.recording_keys.clone(),
        live,
        trace: trace.clone(),
        calls: Arc::new(calls.control(demo.clone())),
        config: Arc::clone(&config),
        hub: announce::public(&config, &base.db, demo.as_deref()).await?,
        metrics,
        readiness: readiness.clone(),
        phone_servers: PhoneServer::of(sip.local_addrs()),
        challenges: challenges.clone(),
        https_port: opened.https.map(|address| address.port()),
    });
    let (close_console, closed) = tokio::sync::oneshot::channel::<()>();
    let console = tokio::spawn(http::serve(doors, state, async {
        // Closed by the end of this function at the latest.
        let _ = closed.await;
    }));
    // The authority comes to the console's door, which is open now.
    let ordering = rooms::ordering(&config, challenges)?;
    readiness.set(true);
    announce::ready(&config, opened, &sip, demo.as_deref()).await?;

    signals::stop_asked().await;
    readiness.set(false);
    let grace = Duration::from_secs(config.hub.shutdown_grace_s);
    info!(grace_s = grace.as_secs(), "stopping: no new calls");
    let cut = tokio::select! {
        cut = calls.stop(grace) => cut,
        // A second signal means now.
        () = signals::stop_asked() => calls.stop(Duration::ZERO).await,
    };
    info!(ended_calls = cut, "calls are over");
    if let Some(ordering) = ordering {
        ordering.abort();
    }
    let _ = close_console.send(());
    if let Err(failure) = console.await {
        tracing::warn!(%failure, "console stopped badly");
    }
    if let Some(demo) = demo.and_then(Arc::into_inner) {
        demo.shutdown().await;
    }
    sip.shutdown().await;
    trace.close().await;
    rooms::close_media(media).await;
    archive.close().await;
    base.db.close().await?;
    info!("stopped");
    Ok(())
}

/// The demo's own phones need an address that can be named.
fn on_this_machine(bind: IpAddr) -> IpAddr {
    match bind {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    }
}

async fn start_demo(prepared: Prepared, sip: &sip::Sip, staffed: bool) -> Result<Arc<Demo>, HubError> {
    let hub = rooms::udp_addr(sip).ok_or(HubError::NoUdp)?;
    Ok(Arc::new(prepared.start(hub, staffed).await?))
}
