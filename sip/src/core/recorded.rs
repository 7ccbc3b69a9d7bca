//! What the observer of messages sees, and what it does not.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use super::pair::{CALLEE, CALLER, DEVICE, PASSWORD, Pair, addr, first_line};
use crate::{Credentials, Direction, Observed, Observer, api::leg::Command};

#[derive(Debug, Default)]
struct Notes(Mutex<Vec<Observed>>);

impl Observer for Notes {
    fn message(&self, message: Observed) {
        self.0.lock().expect("not poisoned").push(message);
    }
}

impl Notes {
    fn take(&self) -> Vec<Observed> {
        std::mem::take(&mut *self.0.lock().expect("not poisoned"))
    }
}

/// A pair whose callee is observed.
fn observed() -> (Pair, Arc<Notes>) {
    let mut pair = Pair::new();
    let notes = Arc::new(Notes::default());
    let mut config = pair.cores[CALLEE].config.clone();
    config.observer = Some(Arc::clone(&notes) as Arc<dyn Observer>);
    pair.cores[CALLEE] = super::Core::new(config, [9; 32]);
    (pair, notes)
}

fn lines(seen: &[Observed]) -> Vec<(Direction, String)> {
    let word = |line: String| line.split(' ').next().filter(|w| *w != "SIP/2.0").map(str::to_owned);
    let line = |o: &Observed| first_line(&o.bytes);
    seen.iter().map(|o| (o.direction, word(line(o)).unwrap_or_else(|| line(o)[8..11].to_owned()))).collect()
}

/// Each message of a trunk's call, in order, with its time and its addresses, copies included,
/// and those that come when the leg is over.
#[test]
fn a_whole_call_is_seen() {
    let (mut pair, notes) = observed();
    pair.slow_directory = true;
    let begin = pair.now;
    pair.call();
    pair.carry(CALLER);
    assert!(notes.take().is_empty(), "nobody knows yet whose it is");
    pair.wait(Duration::from_millis(200));
    pair.look_up(CALLEE);
    let inc = pair.taken[CALLEE].expect("it came in");
    pair.say(CALLEE, inc, Command::Answer("answer".into()));
    pair.wait(Duration::from_millis(500));
    pair.carry_all();
    pair.say(CALLEE, inc, Command::End(None));
    pair.carry_all();
    assert!(pair.cores[CALLEE].leg_ids().is_empty());
    let seen = notes.take();
    use Direction::{In, Out};
    let expected = [(In, "INVITE"), (Out, "100"), (Out, "200"), (Out, "200"), (In, "INVITE")];
    let more = [(In, "ACK"), (In, "ACK"), (Out, "BYE"), (In, "200")];
    let expected: Vec<_> = expected.into_iter().chain(more).map(|(d, w)| (d, w.to_owned())).collect();
    assert_eq!(lines(&seen), expected);
    assert_eq!(seen[0].at_unix_us, begin.0 * 1000);
    assert_eq!(seen[2].at_unix_us, (begin.0 + 200) * 1000);
    assert!(seen.iter().all(|o| o.local == addr(CALLEE) && o.remote == addr(CALLER)));
    assert!(seen.iter().all(|o| o.sip_call_id == seen[0].sip_call_id));
    assert_eq!(seen[0].bytes, pair.log[0].1, "as it came");
    pair.nothing_is_left();
}

/// A registered phone's password proof never gets into a record; its challenge belongs to no leg.
#[test]
fn secrets_are_not_seen() {
    let (mut pair, notes) = observed();
    let mut spec = Pair::spec();
    spec.call.from_user = DEVICE.to_owned();
    spec.call.credentials = Some(Credentials { username: DEVICE.to_owned(), password: PASSWORD.to_owned() });
    let (out, _) = pair.cores[CALLER].call(pair.now, spec).expect("there is room");
    pair.drain(CALLER);
    pair.carry_all();
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    let seen = notes.take();
    let words: Vec<String> = lines(&seen).into_iter().map(|(_, word)| word).collect();
    assert_eq!(words, ["INVITE", "100", "CANCEL", "200", "487", "ACK"]);
    let invite = String::from_utf8(seen[0].bytes.to_vec()).expect("text");
    assert!(
        invite.contains("\r\nAuthorization: Digest removed\r\n") && !invite.contains("response="),
        "{invite}"
    );
    pair.nothing_is_left();
}

/// Long after a call nothing is known of it any more.
#[test]
fn an_old_call_is_forgotten() {
    let (mut pair, notes) = observed();
    let (out, _) = pair.talking();
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    let bye =
        pair.log.iter().rfind(|(_, bytes)| first_line(bytes).starts_with("BYE ")).expect("a BYE").1.clone();
    notes.take();
    pair.wait(Duration::from_secs(20));
    pair.deliver(CALLER, &bye);
    assert_eq!(notes.take().len(), 2, "the copy and its answer");
    pair.wait(Duration::from_secs(20));
    // The next call is what clears the table.
    let (next, _) = pair.talking();
    notes.take();
    pair.deliver(CALLER, &bye);
    assert!(notes.take().is_empty());
    pair.sent = Default::default();
    pair.say(CALLER, next, Command::End(None));
    pair.carry_all();
    pair.nothing_is_left();
}
