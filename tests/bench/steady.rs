//! A hundred calls at once, steady for a while: what they cost and what is lost.

use std::time::{Duration, Instant};

use end_to_end::eventually;
use end_to_end::sipp::Scenario;

use crate::machine;
use crate::report::Row;
use crate::subject::{NUMBER, Subject};

const CALLS_AT_ONCE: u32 = 100;
/// The calls are up and steady for this long while they are measured.
const MEASURED: Duration = Duration::from_secs(30);
/// Building up and letting go of 100 calls, ten a second, on both sides of the measurement.
const AROUND_MS: u32 = 30_000;
const RECORDED_TARGET_PCT: f64 = 0.25;
const RELAY_TARGET_PCT: f64 = 0.2;
const MEMORY_TARGET_BYTES: f64 = 1_048_576.0;

/// What a hundred calls did to the hub.
struct Steady {
    still: f64,
    packets: f64,
    sent: f64,
    cpu_pct: f64,
    memory_bytes: f64,
    gaps: f64,
    dropped: f64,
    unsent: f64,
    unwritten_ms: f64,
    recorded_bytes: u64,
}

fn measure(hub: &Subject) -> Steady {
    let id = hub.process_id();
    let measured_ms = u32::try_from(MEASURED.as_millis()).expect("seconds");
    let carrier = Scenario::new("carrier_answers", hub.phone_folder("carrier"))
        .port(hub.carrier_port)
        .calls(CALLS_AT_ONCE, CALLS_AT_ONCE)
        .lasts_s(240)
        .quiet()
        .start(&hub.sip);
    let resident_before = machine::resident_bytes(id);
    let mut customers = Scenario::new("caller_timed", hub.phone_folder("customers"))
        .caller("+34600777000")
        .service(NUMBER)
        .calls(CALLS_AT_ONCE, 10)
        .talks_ms(measured_ms + AROUND_MS)
        .lasts_s(240)
        .quiet()
        .start(&hub.sip);
    eventually("a hundred calls at once", || {
        (hub.metric("centralita_media_sessions") >= f64::from(CALLS_AT_ONCE)).then_some(())
    });
    std::thread::sleep(Duration::from_secs(5)); // the last of them is answered, buffers are filled

    let (cpu, began) = (machine::cpu_seconds(id), Instant::now());
    let packets_before = hub.metric("centralita_rtp_packets_in_total");
    let sent_before = hub.metric("centralita_rtp_packets_out_total");
    std::thread::sleep(MEASURED);
    let cpu = (machine::cpu_seconds(id) - cpu) / began.elapsed().as_secs_f64();
    let packets = hub.metric("centralita_rtp_packets_in_total") - packets_before;
    let sent = hub.metric("centralita_rtp_packets_out_total") - sent_before;
    let resident = machine::resident_bytes(id) - resident_before;
    let still = hub.metric("centralita_media_sessions");
    customers.succeed();
    drop(carrier);
    eventually("every row to be closed", || (hub.calls() == (u64::from(CALLS_AT_ONCE), 0)).then_some(()));
    let calls = f64::from(CALLS_AT_ONCE);
    Steady {
        still,
        packets,
        sent,
        cpu_pct: cpu * 100.0 / calls,
        memory_bytes: resident / calls,
        gaps: hub.metric("centralita_rtp_sequence_gaps_total"),
        dropped: hub.metric("centralita_rtp_socket_drops_total"),
        unsent: hub.metric("centralita_rtp_send_errors_total"),
        unwritten_ms: hub.metric("centralita_recording_dropped_ms_total"),
        recorded_bytes: hub.recorded_bytes(),
    }
}

impl Steady {
    /// Two legs, fifty packets a second each: fewer means that the load was not what it claims to be.
    fn is_whole(&self) -> bool {
        let calls = f64::from(CALLS_AT_ONCE);
        self.still >= calls && self.packets > calls * 100.0 * MEASURED.as_secs_f64() * 0.98
    }

    fn lossless(&self, what: &'static str) -> Row {
        Row {
            what,
            target: "0",
            measured: format!(
                "{:.0} sequence gaps, {:.0} dropped by the hub's sockets",
                self.gaps, self.dropped
            ),
            holds: self.gaps == 0.0 && self.dropped == 0.0,
        }
    }

    fn packets_a_second(&self) -> f64 {
        self.packets / MEASURED.as_secs_f64()
    }
}

pub fn recorded_calls() -> Vec<Row> {
    let steady = measure(&Subject::start(true));
    vec![
        Row {
            what: "recorded calls at once, for 30 s",
            target: "100",
            measured: format!(
                "{:.0}, {:.0} packets/s, {} MB recorded",
                steady.still,
                steady.packets_a_second(),
                steady.recorded_bytes / 1_000_000
            ),
            holds: steady.is_whole(),
        },
        steady.lossless("lost packets"),
        Row {
            what: "packets sent on",
            target: "as many as came",
            measured: format!(
                "{:.2} %, {:.0} refused by the system",
                steady.sent * 100.0 / steady.packets,
                steady.unsent
            ),
            // Half a per cent: the two counters are read one after the other.
            holds: steady.sent > steady.packets * 0.995 && steady.unsent == 0.0,
        },
        Row {
            what: "sound that came too fast for the recording's disk",
            target: "0",
            measured: format!("{:.0} ms", steady.unwritten_ms),
            holds: steady.unwritten_ms == 0.0,
        },
        Row {
            what: "processor per recorded call",
            target: "at most 0.25 % of a core",
            measured: format!("{:.3} %", steady.cpu_pct),
            holds: steady.cpu_pct <= RECORDED_TARGET_PCT,
        },
        Row {
            what: "memory per recorded call",
            target: "at most 1 MB",
            measured: format!("{:.0} kB", steady.memory_bytes / 1024.0),
            holds: steady.memory_bytes <= MEMORY_TARGET_BYTES,
        },
    ]
}

pub fn relayed_calls() -> Vec<Row> {
    let steady = measure(&Subject::start(false));
    vec![
        Row {
            what: "processor per call that is not recorded",
            target: "at most 0.2 % of a core",
            measured: format!(
                "{:.3} %, {:.0} calls, {:.0} packets/s",
                steady.cpu_pct,
                steady.still,
                steady.packets_a_second()
            ),
            holds: steady.cpu_pct <= RELAY_TARGET_PCT && steady.is_whole() && steady.recorded_bytes == 0,
        },
        steady.lossless("lost packets of those"),
    ]
}
