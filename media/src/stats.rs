//! Counters of the whole media room.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Counters of the whole media room since its start, and gauges of now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Gauge: sessions open.
    pub sessions: u64,
    /// Gauge: legs open.
    pub legs: u64,
    /// Gauge: recordings being written.
    pub recordings: u64,
    /// RTP packets taken in.
    pub packets_in: u64,
    /// RTP packets sent.
    pub packets_out: u64,
    /// RTCP packets taken in.
    pub rtcp_in: u64,
    /// RTCP packets sent.
    pub rtcp_out: u64,
    /// Packets from strangers, or that were neither RTP nor RTCP.
    pub refused: u64,
    /// RTP packets that never came, by sequence number.
    pub lost: u64,
    /// How often a sequence number skipped ahead.
    pub gaps: u64,
    /// Datagrams the kernel dropped because a receive buffer was full.
    pub socket_drops: u64,
    /// Datagrams that could not be sent.
    pub send_errors: u64,
    /// Voice packets that came too late for the recording.
    pub late_frames: u64,
    /// 20 ms turns that workers skipped because they were late.
    pub late_ticks: u64,
    /// Recorded time replaced by silence because the disk was too slow, in ms.
    pub recording_dropped_ms: u64,
    /// Events that no owner read.
    pub events_lost: u64,
    /// Gauge: connections open on the browsers' port.
    pub browser_connections: u64,
    /// Datagrams and connections of strangers on the browsers' port.
    pub browser_refused: u64,
    /// Datagrams of browsers that a worker could not take in time.
    pub browser_dropped: u64,
    /// Voice that was given up because a browser's connection was too slow, in packets.
    pub browser_late: u64,
}

macro_rules! counters {
    ($(#[$meta:meta])* $name:ident { $($field:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default)]
        pub(crate) struct $name {
            $(pub $field: u64),*
        }

        /// The same, readable by others: written by one thread, so plain stores suffice.
        #[derive(Debug, Default)]
        pub(crate) struct Published {
            $($field: AtomicU64),*
        }

        impl Published {
            pub(crate) fn publish(&self, tally: &$name) {
                $(self.$field.store(tally.$field, Relaxed);)*
            }

            pub(crate) fn add_to(&self, stats: &mut Stats) {
                $(stats.$field += self.$field.load(Relaxed);)*
            }
        }
    };
}

counters! {
    /// What one worker counts, without atomics; published at each tick.
    Tally {
        legs, packets_in, packets_out, rtcp_in, rtcp_out, refused, lost, gaps, send_errors,
        late_frames, late_ticks, recording_dropped_ms,
    }
}

/// Counters that no worker writes, or several; none of them per packet of a call.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    events_lost: AtomicU64,
    recordings: AtomicU64,
    socket_drops: AtomicU64,
    browser_connections: AtomicU64,
    browser_refused: AtomicU64,
    browser_dropped: AtomicU64,
    browser_late: AtomicU64,
}

impl Shared {
    pub(crate) fn count_browser_refused(&self) {
        self.browser_refused.fetch_add(1, Relaxed);
    }

    pub(crate) fn count_browser_dropped(&self) {
        self.browser_dropped.fetch_add(1, Relaxed);
    }

    pub(crate) fn count_browser_late(&self, packets: u64) {
        self.browser_late.fetch_add(packets, Relaxed);
    }

    pub(crate) fn set_browser_connections(&self, open: usize) {
        self.browser_connections.store(open as u64, Relaxed);
    }

    pub(crate) fn count_event_lost(&self) {
        self.events_lost.fetch_add(1, Relaxed);
    }

    pub(crate) fn recording_opened(&self) {
        self.recordings.fetch_add(1, Relaxed);
    }

    pub(crate) fn recording_closed(&self) {
        self.recordings.fetch_sub(1, Relaxed);
    }

    pub(crate) fn count_socket_drops(&self, drops: u64) {
        self.socket_drops.fetch_add(drops, Relaxed);
    }

    pub(crate) fn add_to(&self, stats: &mut Stats) {
        stats.events_lost += self.events_lost.load(Relaxed);
        stats.recordings += self.recordings.load(Relaxed);
        stats.socket_drops += self.socket_drops.load(Relaxed);
        stats.browser_connections += self.browser_connections.load(Relaxed);
        stats.browser_late += self.browser_late.load(Relaxed);
        stats.browser_refused += self.browser_refused.load(Relaxed);
        stats.browser_dropped += self.browser_dropped.load(Relaxed);
    }
}
