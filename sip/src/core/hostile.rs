//! Damaged messages in the middle of real calls: nothing panics, nothing leaks, what we write
//! stays readable, and the next good call works.

use std::time::Duration;

use bytes::Bytes;

use super::{
    Core,
    dice::Dice,
    pair::{CALLEE, CALLER, DEVICE, PASSWORD, Pair, addr},
    simulation::seeds,
};
use crate::{
    LegEvent, ReferId, RegisterClient, Transport,
    api::leg::Command,
    wire::{Method, Refused, mutant::mutate, parse},
};

/// Seeds of an ordinary run.
const SEEDS_DEFAULT: u64 = 60;

/// Damaged messages of one seed.
const MUTANTS: u32 = 120;

/// Longer than any registration.
const REGISTRATIONS_END: Duration = Duration::from_secs(3700);

/// A registration, a call that stands, one that changes, one that rings, one that was
/// cancelled: every kind of message is in the log, and every state has a leg.
fn busy_pair() -> (Pair, u64) {
    let mut pair = Pair::new();
    let client = RegisterClient {
        registrar: addr(CALLEE),
        transport: Transport::Udp,
        aor_user: DEVICE.to_owned(),
        domain: "pair.example".to_owned(),
        username: DEVICE.to_owned(),
        password: PASSWORD.to_owned(),
        expires_s: 3600,
    };
    let begun = pair.cores[CALLER].begin_registration(pair.now, client, Pair::flow(CALLER));
    let registration = begun.expect("well formed");
    pair.drain(CALLER);
    pair.carry_all();
    assert!(pair.cores[CALLEE].bindings(pair.now, DEVICE).len() == 1);

    let (out, inc) = pair.talking();
    pair.say(CALLER, out, Command::Reoffer("hold".into()));
    pair.carry_all();
    pair.say(CALLEE, inc, Command::AcceptReoffer("held".into()));
    pair.carry_all();
    let (out, _) = pair.talking();
    pair.say(CALLER, out, Command::Reoffer("hold".into()));
    pair.carry_all();
    // A refresh by UPDATE, and a transfer that is asked for and told of.
    let (out, inc) = pair.talking();
    pair.wait(Duration::from_secs(900));
    pair.carry_all();
    let to = "<sip:103@hub?Replaces=a%40b%3Bto-tag%3Dt%3Bfrom-tag%3Df>";
    let refer = pair.inside(CALLER, out, Method::Refer, &[("Refer-To", to)]);
    pair.log.push((CALLER, refer.clone()));
    pair.deliver(CALLER, &refer);
    let Some(LegEvent::Refer { id, .. }) = pair.told[CALLEE].pop() else { panic!("a transfer") };
    pair.say(CALLEE, inc, Command::AcceptRefer(id));
    pair.say(CALLEE, inc, Command::NotifyRefer { id, code: 180, reason: "Ringing".to_owned(), last: false });
    pair.carry_all();
    // Reliable provisional answers, and an early session that changes.
    let mut spec = Pair::spec();
    spec.call.headers.push(("Require".to_owned(), "100rel".to_owned()));
    pair.cores[CALLER].call(pair.now, spec).expect("there is room");
    pair.drain(CALLER);
    pair.carry_all();
    let early = pair.taken[CALLEE].expect("it came in");
    pair.say(CALLEE, early, Command::Progress("early".into()));
    pair.carry_all();
    pair.say(CALLEE, early, Command::Reoffer("moved".into()));
    pair.carry_all();
    let out = pair.call();
    pair.carry_all();
    pair.say(CALLER, out, Command::End(Some("Q.850;cause=16".to_owned())));
    pair.carry_all();
    let (out, _) = pair.talking();
    pair.say(CALLER, out, Command::End(None));
    pair.carry_all();
    pair.call();
    pair.carry_all();
    let ringing = pair.taken[CALLEE].expect("it came in");
    pair.say(CALLEE, ringing, Command::Progress("early".into()));
    pair.carry_all();
    (pair, registration)
}

fn anything(dice: &mut Dice) -> Command {
    match dice.below(12) {
        0 => Command::Ring,
        1 => Command::Answer("answer".into()),
        2 => Command::Reject(486, "busy".to_owned()),
        3 => Command::Reoffer("again".into()),
        4 => Command::AcceptReoffer("yes".into()),
        5 => Command::RefuseReoffer(488),
        6 => Command::Progress("early".into()),
        7 => Command::Info("application/dtmf-relay".to_owned(), "Signal=5".into()),
        8 => Command::AcceptRefer(ReferId(u32::try_from(dice.below(8)).expect("small"))),
        9 => Command::RefuseRefer(ReferId(u32::try_from(dice.below(8)).expect("small")), 603),
        10 => {
            let (id, last) = (ReferId(u32::try_from(dice.below(8)).expect("small")), dice.below(2) == 0);
            Command::NotifyRefer { id, code: 200, reason: "OK".to_owned(), last }
        }
        _ => Command::End(None),
    }
}

fn receive(pair: &mut Pair, side: usize, bytes: &Bytes) {
    match parse(bytes) {
        Ok(message) => pair.receive(side, message),
        Err(Refused::Answer(request, code, why)) => {
            pair.cores[side].refuse_broken(Pair::flow(side), *request, code, why);
            pair.drain(side);
        }
        Err(Refused::Drop(_)) => {}
    }
}

fn end_all(pair: &mut Pair) {
    for side in [CALLER, CALLEE] {
        let mut legs = pair.cores[side].leg_ids();
        legs.sort_by_key(|leg| leg.0);
        for leg in legs {
            pair.say(side, leg, Command::End(None));
        }
    }
}

#[test]
fn damaged_messages_harm_nobody() {
    let (mut taken, mut told, mut dropped) = (0_u32, 0_u32, 0_u32);
    for seed in seeds(SEEDS_DEFAULT) {
        println!("seed {seed}");
        let mut key = [3; 32];
        key[..8].copy_from_slice(&seed.to_be_bytes());
        let mut dice = Dice::new(key);
        let (mut pair, registration) = busy_pair();
        let originals = std::mem::take(&mut pair.log);
        for _ in 0..MUTANTS {
            let (from, bytes) = &originals[below(&mut dice, originals.len())];
            let mutant = Bytes::from(mutate(bytes, |bound| below(&mut dice, bound)));
            match parse(&mutant) {
                Ok(_) => taken += 1,
                Err(Refused::Answer(..)) => told += 1,
                Err(Refused::Drop(_)) => dropped += 1,
            }
            // Mostly to whom it was meant for, sometimes back to its sender.
            let to = if dice.below(5) == 0 { *from } else { 1 - *from };
            receive(&mut pair, to, &mutant);
            if dice.below(4) == 0 {
                let side = below(&mut dice, 2);
                let mut legs = pair.cores[side].leg_ids();
                legs.sort_by_key(|leg| leg.0);
                if let Some(leg) = legs.get(below(&mut dice, legs.len())) {
                    pair.say(side, *leg, anything(&mut dice));
                }
            }
            if dice.below(3) == 0 {
                pair.carry_all();
                pair.wait(Duration::from_millis(dice.below(3000)));
            }
        }
        pair.carry_all();
        pair.told = Default::default();
        let (out, _) = pair.talking();
        pair.say(CALLER, out, Command::End(None));
        end_all(&mut pair);
        pair.carry_all();
        for side in [CALLER, CALLEE] {
            pair.cores[side].end_registration(pair.now, registration);
            pair.drain(side);
        }
        // What was refused is ended again: a mutant may have begun a call of its own.
        for _ in 0..40 {
            pair.carry_all();
            pair.wait(Duration::from_secs(5));
        }
        end_all(&mut pair);
        pair.wait(REGISTRATIONS_END);
        pair.carry_all();
        pair.strays = 0;
        pair.nothing_is_left();
        assert!(pair.cores.iter().all(|core: &Core| core.bindings(pair.now, DEVICE).is_empty()));
    }
    println!("{taken} taken, {told} told, {dropped} dropped");
    let few = taken + told + dropped < 10 * MUTANTS;
    assert!(few || [taken, told, dropped].iter().all(|count| *count > 50), "all kinds");
}

fn below(dice: &mut Dice, bound: usize) -> usize {
    usize::try_from(dice.below(u64::try_from(bound).expect("small"))).expect("small")
}
