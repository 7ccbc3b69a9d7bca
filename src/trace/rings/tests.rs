use super::*;
use crate::trace::message::tests::seen;

const A: Uuid = Uuid::from_u128(1);

fn message(sip_call_id: &str, at: i64, text: &str) -> Message {
    Message::of(&seen(sip_call_id, at, text), false)
}

fn texts(said: &Said) -> Vec<&str> {
    said.messages.iter().map(|message| &*message.text).collect()
}

#[test]
fn a_calls_legs_are_told_in_the_order_of_time_and_taken_once() {
    let now = Instant::now();
    let mut rings = Rings::default();
    rings.add(now, message("a", 1, "1"));
    rings.belongs(now, "a".to_owned(), A);
    rings.belongs(now, "b".to_owned(), A);
    rings.add(now, message("b", 3, "3"));
    rings.add(now, message("a", 2, "2"));
    rings.add(now, message("c", 2, "another's"));
    assert_eq!(texts(&rings.of(A).expect("it runs")), ["1", "2", "3"]);
    rings.over(now, A);
    assert_eq!(rings.due(now), None, "the last answer may still come");
    rings.add(now, message("b", 4, "4"));
    assert_eq!(rings.next_at(), Some(now + LINGER));
    let (call, said) = rings.due(now + LINGER).expect("it is time");
    assert_eq!((call, texts(&said)), (A, vec!["1", "2", "3", "4"]));
    assert_eq!((rings.of(A), rings.due(now + LINGER)), (None, None));
    assert_eq!(rings.legs.len(), 1, "the other leg waits for its call");
    assert_eq!(rings.due(now + UNCLAIMED_LIMIT), None);
    assert_eq!((rings.legs.len(), rings.bytes, rings.next_at()), (0, 0, None));
}

#[test]
fn a_leg_keeps_its_beginning_and_its_end() {
    let now = Instant::now();
    let mut rings = Rings::default();
    rings.belongs(now, "a".to_owned(), A);
    for n in 0..1000 {
        rings.add(now, message("a", n, &n.to_string()));
    }
    let said = rings.of(A).expect("it runs");
    assert_eq!((said.messages.len(), said.left_out), (LEG_MESSAGES_LIMIT, 800));
    assert_eq!((texts(&said)[99], texts(&said)[100], texts(&said)[199]), ("99", "900", "999"));
}

#[test]
fn floods_are_bounded_and_ends_are_seen() {
    let now = Instant::now();
    let mut rings = Rings::default();
    let big = message("a", 0, &"x".repeat(16 * 1024));
    for leg in ["a", "b", "c", "d", "e", "f", "g", "h"] {
        rings.belongs(now, leg.to_owned(), A);
        for at in 0..100 {
            rings.add(now, Message { sip_call_id: leg.to_owned(), at_unix_us: at, ..big.clone() });
            assert!(rings.legs[leg].bytes <= LEG_BYTES_LIMIT);
        }
        rings.add(now, message(leg, 200, "bye"));
    }
    assert!(rings.bytes <= CALL_BYTES_LIMIT && rings.calls[&A].bytes == rings.bytes);
    let said = rings.of(A).expect("it runs");
    assert_eq!(said.messages.len() as u64 + said.left_out, 808);
    assert_eq!(said.messages.iter().filter(|message| message.text == "bye").count(), 8);
    for leg in 0..2 * CALL_LEGS_LIMIT {
        rings.belongs(now, format!("leg-{leg}"), A);
    }
    assert_eq!(rings.calls[&A].legs.len(), CALL_LEGS_LIMIT);
    for leg in 0..2 * ALL_BYTES_LIMIT / LEG_BYTES_LIMIT {
        for _ in 0..LEG_BYTES_LIMIT / big.text.len() {
            rings.add(now, Message { sip_call_id: format!("stranger-{leg}"), ..big.clone() });
        }
    }
    assert!(rings.bytes <= ALL_BYTES_LIMIT);
    let strangers = ALL_BYTES_LIMIT / (LEG_BYTES_LIMIT - big.text.len());
    assert!(rings.legs.len() <= CALL_LEGS_LIMIT + strangers, "{}", rings.legs.len());
    rings.over(now, A);
    rings.due(now + LINGER);
    rings.due(now + UNCLAIMED_LIMIT);
    assert_eq!((rings.bytes, rings.legs.len()), (0, 0));
}

#[test]
fn a_masked_call_is_known_by_its_legs() {
    let now = Instant::now();
    let mut rings = Rings::default();
    rings.belongs(now, "a".to_owned(), A);
    rings.mask(A, true);
    assert!(rings.is_masked("a"));
    // A leg that came in the meantime: what it said before it was known whose it is goes too.
    rings.add(now, message("b", 1, "INFO sip:a SIP/2.0\r\n\r\nSignal=7"));
    assert!(!rings.is_masked("b"));
    rings.belongs(now, "b".to_owned(), A);
    assert!(rings.is_masked("b"));
    assert_eq!(texts(&rings.of(A).expect("it runs")), ["INFO sip:a SIP/2.0\r\n\r\nxxxxxxxx"]);
    rings.mask(A, false);
    assert!(!rings.is_masked("a") && !rings.is_masked("b"));
}

#[test]
fn a_leg_that_goes_over_into_another_call_is_told_of_in_both() {
    let (now, other) = (Instant::now(), Uuid::from_u128(2));
    let mut rings = Rings::default();
    rings.belongs(now, "a".to_owned(), A);
    rings.add(now, message("a", 1, "1"));
    rings.belongs(now, "a".to_owned(), other);
    rings.mask(A, true);
    assert!(rings.is_masked("a"), "by either");
    rings.over(now, A);
    let (call, said) = rings.due(now + LINGER).expect("it is time");
    assert_eq!((call, texts(&said)), (A, vec!["1"]));
    rings.add(now, message("a", 2, "2"));
    assert!(!rings.is_masked("a"));
    assert_eq!(texts(&rings.of(other).expect("it runs")), ["1", "2"]);
    rings.over(now, other);
    assert_eq!(rings.any_over().map(|(_, said)| said.messages.len()), Some(2));
    assert_eq!((rings.any_over(), rings.bytes, rings.legs.len()), (None, 0, 0));
    for n in 0..2 * LEG_CALLS_LIMIT as u128 {
        rings.belongs(now, "a".to_owned(), Uuid::from_u128(n));
    }
    assert_eq!(rings.legs["a"].calls.len(), LEG_CALLS_LIMIT);
}
