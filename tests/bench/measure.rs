//! Measures a release build against the targets, with `SIPp` on both sides, and writes
//! `docs/BENCHMARKS.md`. Ends with failure when a target is missed.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use end_to_end::eventually;
use end_to_end::sipp::Scenario;

mod machine;
mod report;
mod subject;

use report::Row;
use subject::{NUMBER, Subject};

const CALLS_AT_ONCE: u32 = 100;
/// The calls are up and steady for this long while they are measured.
const MEASURED: Duration = Duration::from_secs(30);
/// Building up and letting go of 100 calls, ten a second, on both sides of the measurement.
const AROUND_MS: u32 = 30_000;
const CPU_TARGET_PCT: f64 = 0.35;
const MEMORY_TARGET_BYTES: f64 = 1_048_576.0;
/// Calls a second: the target first, the others to see where the end is.
const RATES: [u32; 3] = [100, 200, 300];
/// How long each rate is kept up.
const RATE_S: u32 = 20;

fn main() -> ExitCode {
    let mut rows = concurrent_calls();
    for rate in RATES {
        rows.push(set_up_rate(rate));
    }
    if report::write(&rows) {
        ExitCode::SUCCESS
    } else {
        eprintln!("a target is missed");
        ExitCode::FAILURE
    }
}

fn concurrent_calls() -> Vec<Row> {
    let hub = Subject::start();
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

    let gaps = hub.metric("centralita_rtp_sequence_gaps_total");
    let dropped = hub.metric("centralita_rtp_socket_drops_total");
    let unsent = hub.metric("centralita_rtp_send_errors_total");
    let unwritten = hub.metric("centralita_recording_dropped_ms_total");
    let calls = f64::from(CALLS_AT_ONCE);
    // Two legs, fifty packets a second each: fewer means that the load was not what it claims to be.
    let expected = calls * 100.0 * MEASURED.as_secs_f64();
    let (cpu_pct, memory) = (cpu * 100.0 / calls, resident / calls);
    vec![
        Row {
            what: "recorded calls at once, for 30 s",
            target: "100",
            measured: format!(
                "{still:.0}, {:.0} packets/s, {} MB recorded",
                packets / MEASURED.as_secs_f64(),
                hub.recorded_bytes() / 1_000_000
            ),
            holds: still >= calls && packets > expected * 0.98,
        },
        Row {
            what: "lost packets",
            target: "0",
            measured: format!("{gaps:.0} sequence gaps, {dropped:.0} dropped by the hub's sockets"),
            holds: gaps == 0.0 && dropped == 0.0,
        },
        Row {
            what: "packets sent on",
            target: "as many as came",
            measured: format!("{:.2} %, {unsent:.0} refused by the system", sent * 100.0 / packets),
            // Half a per cent: the two counters are read one after the other.
            holds: sent > packets * 0.995 && unsent == 0.0,
        },
        Row {
            what: "sound that came too fast for the recording's disk",
            target: "0",
            measured: format!("{unwritten:.0} ms"),
            holds: unwritten == 0.0,
        },
        Row {
            what: "processor per call",
            target: "at most 0.35 % of a core",
            measured: format!("{cpu_pct:.3} %"),
            holds: cpu_pct <= CPU_TARGET_PCT,
        },
        Row {
            what: "memory per call",
            target: "at most 1 MB",
            measured: format!("{:.0} kB", memory / 1024.0),
            holds: memory <= MEMORY_TARGET_BYTES,
        },
    ]
}

fn set_up_rate(rate: u32) -> Row {
    let hub = Subject::start();
    let calls = rate * RATE_S;
    let carrier = Scenario::new("carrier_answers_silently", hub.phone_folder("carrier"))
        .port(hub.carrier_port)
        .calls(calls, rate)
        .lasts_s(RATE_S * 4)
        .quiet()
        .start(&hub.sip);
    let cpu = machine::cpu_seconds(hub.process_id());
    let mut customers = Scenario::new("caller_silent", hub.phone_folder("customers"))
        .caller("+34600777000")
        .service(NUMBER)
        .calls(calls, rate)
        .talks_ms(500)
        .lasts_s(RATE_S * 3)
        .quiet()
        .start(&hub.sip);
    let well = customers.ends_well();
    drop(carrier);
    std::thread::sleep(Duration::from_secs(2)); // the last rows are closed
    let cpu_ms = (machine::cpu_seconds(hub.process_id()) - cpu) * 1_000.0 / f64::from(calls);
    let (rows, open) = hub.calls();
    let all = rows == u64::from(calls) && open == 0;
    let is_target = rate == RATES[0];
    let name = match rate {
        100 => "100 calls/s set up and released",
        200 => "200 calls/s, to see where the end is",
        _ => "300 calls/s, to see where the end is",
    };
    Row {
        what: name,
        target: if is_target { "no failure, every call has its row" } else { "none" },
        measured: format!(
            "{calls} calls, {}, {rows} rows of which {open} open, {cpu_ms:.1} ms of a core each",
            if well { "none failed" } else { "some failed" }
        ),
        holds: (well && all) || !is_target,
    }
}
