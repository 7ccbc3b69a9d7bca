//! The numbers of media and signalling, for `/metrics`.

use std::time::Duration;

use metrics::{counter, gauge};
use tikv_jemalloc_ctl::{epoch, stats};

/// Prometheus rarely asks more often.
const PUBLISH_EVERY: Duration = Duration::from_millis(500);

/// Publishes what the rooms count for as long as the process lives.
pub fn publish(media: media::Media, _sip: sip::Sip) {
    tokio::spawn(async move {
        let mut turn = tokio::time::interval(PUBLISH_EVERY);
        turn.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            turn.tick().await;
            media_numbers(&media.stats());
            memory_numbers();
        }
    });
}

/// What the allocator has given out, and what it holds for that: a leak shows in the first alone.
#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; these stay far below 2^52")]
fn memory_numbers() {
    // The figures are those of the latest epoch. An allocator without figures shows none.
    if epoch::advance().is_err() {
        return;
    }
    if let (Ok(in_use), Ok(resident)) = (stats::allocated::read(), stats::resident::read()) {
        gauge!("centralita_memory_in_use_bytes").set(in_use as f64);
        gauge!("centralita_memory_resident_bytes").set(resident as f64);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a gauge is a float; these stay far below 2^52")]
fn media_numbers(stats: &media::Stats) {
    gauge!("centralita_media_sessions").set(stats.sessions as f64);
    gauge!("centralita_media_legs").set(stats.legs as f64);
    gauge!("centralita_media_recordings").set(stats.recordings as f64);
    counter!("centralita_rtp_packets_in_total").absolute(stats.packets_in);
    counter!("centralita_rtp_packets_out_total").absolute(stats.packets_out);
    counter!("centralita_rtp_packets_refused_total").absolute(stats.refused);
    counter!("centralita_rtp_packets_lost_total").absolute(stats.lost);
    counter!("centralita_rtp_sequence_gaps_total").absolute(stats.gaps);
    counter!("centralita_rtp_socket_drops_total").absolute(stats.socket_drops);
    counter!("centralita_rtp_send_errors_total").absolute(stats.send_errors);
    gauge!("centralita_browser_connections").set(stats.browser_connections as f64);
    counter!("centralita_browser_packets_refused_total").absolute(stats.browser_refused);
    counter!("centralita_browser_packets_dropped_total").absolute(stats.browser_dropped);
    counter!("centralita_browser_packets_late_total").absolute(stats.browser_late);
    counter!("centralita_recording_late_frames_total").absolute(stats.late_frames);
    counter!("centralita_recording_dropped_ms_total").absolute(stats.recording_dropped_ms);
    counter!("centralita_media_late_ticks_total").absolute(stats.late_ticks);
    counter!("centralita_media_events_lost_total").absolute(stats.events_lost);
}
