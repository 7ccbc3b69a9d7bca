//! RTCP: our own reports, and those of one leg translated for the other.
//!
//! Between bridged legs we are a translator (RFC 3550 section 7.2). What one end reports of its
//! own stream and of the other's goes on to the other end with SSRC, timestamp and sequence number
//! as they are there, so that both ends see the whole way and not half of it. Where nothing is
//! passed on — a prompt, one leg alone, an end that sends no RTCP — we report ourselves.
//! Everything but reports (BYE, APP, feedback) ends here: it speaks of a leg, and legs are ours.

use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use super::call::Call;
use super::hub::Hub;
use super::leg::LegState;
use super::wire::{Sent, Wire};
use crate::net::Way;
use crate::remote::Remote;
use crate::rtp::rtcp::{self, Block, CNAME_BYTES, REPORT_LIMIT_BYTES, Report, SenderInfo};

/// RFC 3550 section 6.2: the interval of reports, halved to one and a half times at random so that
/// legs do not report in step.
const INTERVAL: Duration = Duration::from_secs(5);
/// A leg that was passed a report this recently gets none of ours.
const PASSED_ON_HOLD: Duration = Duration::from_secs(15);
/// From 1900, where NTP begins, to 1970 (RFC 868).
const NTP_UNIX_OFFSET_SECONDS: u64 = 2_208_988_800;

/// The reports of one leg.
pub(super) struct Reports {
    /// Where they go, in the socket's own address family.
    target: Option<Way>,
    next: Instant,
    /// Middle bits of the NTP time in the far end's last sender report, and when it came.
    heard: Option<(u32, Instant)>,
    /// When a report was last passed on to this leg.
    passed_on: Option<Instant>,
    /// Whether the last sender report that this leg saw was the other leg's.
    last_was_passed_on: bool,
    packets_reported: u64,
    /// Middle bits of the NTP time in the last sender report that this leg was sent, and when.
    sent: Option<(u32, Instant)>,
    /// What the far end last said of what it hears.
    at_remote: Option<AtRemote>,
    rtt_ms: Option<f32>,
}

/// What the far end says of what it hears.
#[derive(Clone, Copy)]
struct AtRemote {
    lost: u64,
    jitter_ms: f32,
}

impl Reports {
    pub(super) fn new(now: Instant) -> Reports {
        Reports {
            target: None,
            next: now + jittered(INTERVAL),
            heard: None,
            passed_on: None,
            last_was_passed_on: false,
            packets_reported: 0,
            sent: None,
            at_remote: None,
            rtt_ms: None,
        }
    }

    /// Signalling says where reports go.
    pub(super) fn connected(&mut self, target: Option<Way>) {
        self.target = target;
    }

    /// RTP comes from `from`: reports go to the same host, by the same rule as signalled.
    pub(super) fn latched(&mut self, remote: Remote, from: SocketAddr, wire: &Wire) {
        if from == remote.addr {
            return;
        }
        let signalled_next = remote.addr.port().checked_add(1) == Some(remote.rtcp.port());
        let port = match from.port().checked_add(1) {
            _ if remote.mux => from.port(),
            Some(next) if signalled_next => next,
            Some(_) | None => remote.rtcp.port(),
        };
        self.target = wire.reachable(SocketAddr::new(from.ip(), port));
    }

    /// What the far end last reported as lost of ours.
    pub(super) fn lost_at_remote(&self) -> u64 {
        self.at_remote.map_or(0, |at_remote| at_remote.lost)
    }

    /// What it last reported as jitter of ours, in ms.
    pub(super) fn jitter_at_remote_ms(&self) -> f32 {
        self.at_remote.map_or(0.0, |at_remote| at_remote.jitter_ms)
    }

    /// Whether it has said anything of what it hears.
    pub(super) fn was_reported_on(&self) -> bool {
        self.at_remote.is_some()
    }

    /// To the far end and back.
    pub(super) fn rtt_ms(&self) -> Option<f32> {
        self.rtt_ms
    }

    /// The far end reports on what it hears. Its clock shows itself in the report that it answers,
    /// whoever made that (RFC 3550 section 6.4.1, "delay since last SR").
    fn take_block(&mut self, now: Instant, block: &Block, clock_hz: u32) {
        // 24 bits, signed: doubled packets may make it negative.
        let lost = (block.lost << 8).cast_signed() >> 8;
        let jitter_ms = block.jitter as f32 * 1_000.0 / clock_hz as f32;
        self.at_remote = Some(AtRemote { lost: u64::try_from(lost).unwrap_or(0), jitter_ms });
        if let Some((ntp, at)) = self.sent
            && ntp == block.last_report
            && let Some(travelled) = now.duration_since(at).checked_sub(span_of(block.delay))
        {
            self.rtt_ms = Some(travelled.as_secs_f32() * 1_000.0);
        }
    }
}

impl Call {
    /// A datagram of RTCP for the leg at `place`.
    pub(super) fn rtcp_came(&mut self, hub: &mut Hub, place: usize, from: Way, datagram: &[u8]) {
        let Some(leg) = self.legs[place].as_deref_mut() else {
            return;
        };
        let Some(report) = leg.admit_report(hub, from, datagram) else {
            return leg.refuse(hub);
        };
        let Some(peer) = leg.plan.relays_to else {
            return;
        };
        let Ok([Some(leg), Some(peer)]) = self.legs.get_disjoint_mut([place, peer]) else {
            return;
        };
        if let Some(translated) = translated(leg, peer, &report) {
            peer.reports.passed_on = Some(hub.now);
            if translated.sender.is_some() {
                peer.reports.last_was_passed_on = true;
            }
            peer.send_report(hub, &translated);
        }
    }

    /// Sends our own reports where they are due.
    pub(super) fn reports_turn(&mut self, hub: &mut Hub) {
        for leg in self.legs.iter_mut().flatten() {
            if hub.now < leg.reports.next {
                continue;
            }
            leg.reports.next = hub.now + jittered(INTERVAL);
            let recently = |at: Instant| hub.now.duration_since(at) < PASSED_ON_HOLD;
            if !leg.reports.passed_on.is_some_and(recently)
                && let Some(report) = leg.own_report(hub.now)
            {
                leg.send_report(hub, &report);
            }
        }
    }
}

impl LegState {
    /// Judges and keeps a report; none for one to be refused.
    fn admit_report(&mut self, hub: &mut Hub, from: Way, datagram: &[u8]) -> Option<Report> {
        let far = self.far.as_ref()?;
        let rtp_from = far.latch.target();
        // A browser's address has proved itself by a check.
        if from.addr.ip() != rtp_from.ip() && !self.wire.has_ice() {
            return None;
        }
        let report = rtcp::read(datagram, self.sender.ssrc())?;
        hub.tally.rtcp_in += 1;
        // Symmetric, as RTP is; one that came on the RTP port says nothing of the RTCP port.
        if from.addr != rtp_from && !self.wire.muxes() {
            self.reports.target = self.wire.reachable(from);
        }
        if let Some(sender) = &report.sender {
            self.reports.heard = Some((middle(sender.ntp), hub.now));
        }
        if let Some(block) = &report.block {
            self.reports.take_block(hub.now, block, far.remote.codec.kind.clock_hz());
            if let Some(voice) = &mut self.voice {
                voice.lost_at_remote((u32::from(block.fraction_lost) * 100 / 256) as u8, far.remote.opus);
            }
        }
        Some(report)
    }

    /// What we say of our stream and of theirs; none while there is nothing to say.
    fn own_report(&mut self, now: Instant) -> Option<Report> {
        let sends = self.packets_out > self.reports.packets_reported;
        self.reports.packets_reported = self.packets_out;
        let block = self.source.report().map(|reception| {
            let (last_report, delay) = match self.reports.heard {
                Some((ntp, at)) => (ntp, fixed_point(now.duration_since(at))),
                None => (0, 0),
            };
            Block::of(&reception, last_report, delay)
        });
        if !sends && block.is_none() {
            return None;
        }
        if sends {
            self.reports.last_was_passed_on = false;
        }
        Some(Report {
            ssrc: self.sender.ssrc(),
            sender: sends.then(|| SenderInfo {
                ntp: ntp_now(),
                timestamp: self.sender.timestamp_at(now),
                // Both counters wrap by definition (section 6.4.1).
                packets: self.packets_out as u32,
                octets: self.octets_out as u32,
            }),
            block,
        })
    }

    fn send_report(&mut self, hub: &mut Hub, report: &Report) {
        let Some(target) = self.reports.target else {
            return;
        };
        let mut bytes = [0; REPORT_LIMIT_BYTES];
        let length = rtcp::write(report, &hub.cname, &mut bytes);
        match self.wire.send_rtcp(&mut hub.seal, &bytes[..length], target) {
            Sent::Yes => {
                hub.tally.rtcp_out += 1;
                if let Some(sender) = &report.sender {
                    self.reports.sent = Some((middle(sender.ntp), hub.now));
                }
            }
            Sent::Withheld => {}
            Sent::Failed => hub.tally.send_errors += 1,
        }
    }
}

/// The report of `from`'s far end in the numbers of `to`; none if nothing in it concerns `to`.
fn translated(from: &LegState, to: &LegState, report: &Report) -> Option<Report> {
    let sender = report.sender.and_then(|info| {
        let timestamp = to.sender.mapped_timestamp(report.ssrc, info.timestamp)?;
        Some(SenderInfo {
            ntp: info.ntp,
            timestamp,
            packets: to.packets_out as u32,
            octets: to.octets_out as u32,
        })
    });
    let block = report.block.and_then(|block| {
        // What `from` hears must be the stream of `to` for its losses to be that stream's.
        let (ssrc, sequence_offset) = from.sender.relayed()?;
        if Some(ssrc) != to.source.ssrc() {
            return None;
        }
        // A report of ours in between has a time that the far end of `to` never sent.
        let timed = from.reports.last_was_passed_on;
        Some(Block {
            ssrc,
            highest_sequence: block.highest_sequence.wrapping_sub(sequence_offset.into()),
            last_report: if timed { block.last_report } else { 0 },
            delay: if timed { block.delay } else { 0 },
            ..block
        })
    });
    if sender.is_none() && block.is_none() {
        return None;
    }
    Some(Report { ssrc: to.sender.ssrc(), sender, block })
}

/// A name for RTCP that says nothing about the machine (RFC 7022 section 4.2).
pub(super) fn cname(random: u64) -> [u8; CNAME_BYTES] {
    let mut name = [0; CNAME_BYTES];
    for (at, digit) in name.iter_mut().enumerate() {
        *digit = b"0123456789abcdef"[(random >> (4 * at)) as usize & 0xf];
    }
    name
}

/// Half to one and a half times.
fn jittered(interval: Duration) -> Duration {
    interval.mul_f32(0.5 + rand::random::<f32>())
}

/// The middle 32 bits of an NTP time.
fn middle(ntp: u64) -> u32 {
    (ntp >> 16) as u32
}

/// In 1/65536 s.
fn fixed_point(span: Duration) -> u32 {
    u32::try_from((span.as_micros() << 16) / 1_000_000).unwrap_or(u32::MAX)
}

/// Of so many 1/65536 s.
fn span_of(fixed_point: u32) -> Duration {
    Duration::from_micros((u64::from(fixed_point) * 1_000_000) >> 16)
}

fn ntp_now() -> u64 {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let seconds = since_1970.as_secs() + NTP_UNIX_OFFSET_SECONDS;
    let fraction = (u64::from(since_1970.subsec_nanos()) << 32) / 1_000_000_000;
    (seconds << 32) | fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_hexadecimal() {
        assert_eq!(&cname(0x0123_4567_89ab_cdef), b"fedcba9876543210");
    }

    #[test]
    fn spans_are_in_sixty_five_thousandths() {
        assert_eq!(fixed_point(Duration::from_millis(1_500)), 0x1_8000);
        assert_eq!(span_of(0x1_8000), Duration::from_millis(1_500));
        assert_eq!(middle(0x0123_4567_89ab_cdef), 0x4567_89ab);
    }
}
