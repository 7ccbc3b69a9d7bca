//! Calls that come in, and calls that go out, until both talk.

use super::*;

#[test]
fn a_call_is_greeted_queued_offered_answered_and_hung_up_by_the_customer() {
    let mut flow = talking();
    let last = flow.on(Event::LegEnded { side: Side::Customer, code: 200 });
    assert!(last.contains(&Action::AgentDone { agent: agent() }));
    assert!(last.contains(&Action::Drop(Side::Party)));
    assert_eq!(finish_of(&last), Some(End::new(Cause::Completed, EndedBy::Customer)));
}

#[test]
fn an_agent_who_hangs_up_first_ends_the_call() {
    let last = talking().on(Event::LegEnded { side: Side::Party, code: 200 });
    assert_eq!(finish_of(&last), Some(End::new(Cause::Completed, EndedBy::Agent)));
}

#[test]
fn a_caller_who_leaves_while_it_rings_stops_the_ringing() {
    let last = offering(OfferId(1)).on(Event::LegEnded { side: Side::Customer, code: 200 });
    assert_eq!(last[0], Action::LeaveFloor);
    assert!(last.contains(&Action::Drop(Side::Party)));
    assert_eq!(finish_of(&last), Some(End::new(Cause::Abandoned, EndedBy::Customer)));
}

#[test]
fn a_busy_phone_gives_the_call_back_and_the_next_agent_is_rung() {
    let mut flow = offering(OfferId(1));
    let back = flow.on(Event::LegEnded { side: Side::Party, code: 486 });
    assert_eq!(back, vec![Action::FailOffer { agent: agent(), offer: OfferId(1), why: Miss::Busy }]);
    let next = flow.on(Event::Offered { offer: OfferId(2), agent: agent() });
    assert_eq!(next.len(), 1);
}

#[test]
fn an_answer_that_crossed_the_withdrawal_is_dropped_and_the_caller_waits_on() {
    let mut flow = offering(OfferId(1));
    assert_eq!(
        flow.on(Event::Answered(Side::Party)),
        vec![Action::AcceptOffer { agent: agent(), offer: OfferId(1) }]
    );
    assert_eq!(flow.on(Event::Stale { offer: OfferId(1) }), vec![Action::Drop(Side::Party)]);
    assert_eq!(flow.phase(), Phase::Waiting);
}

#[test]
fn overflow_plays_its_message_to_the_end_and_hangs_up() {
    let mut flow = offering(OfferId(1));
    let message = flow.on(Event::Overflowed);
    assert_eq!(message[0], Action::Drop(Side::Party));
    let last = flow.on(Event::SoundOver(Sound::Overflow));
    assert_eq!(finish_of(&last), Some(End::new(Cause::Overflow, EndedBy::System)));
}

#[test]
fn click_to_dial_rings_the_agent_then_the_customer() {
    let mut flow = Flow::default();
    flow.on(Event::Begin(Plan::AgentFirst { agent: agent() }));
    let second = flow.on(Event::Answered(Side::Party));
    assert!(second.contains(&Action::Ring { side: Side::Customer, callee: Callee::Planned }));
    let both = flow.on(Event::Answered(Side::Customer));
    assert_eq!(both[0], Action::StopPlaying(Side::Party));
    assert_eq!(flow.phase(), Phase::Talking);
}

#[test]
fn a_busy_customer_is_announced_to_the_agent_and_the_cause_kept() {
    let mut flow = Flow::default();
    flow.on(Event::Begin(Plan::AgentFirst { agent: agent() }));
    flow.on(Event::Answered(Side::Party));
    flow.on(Event::LegEnded { side: Side::Customer, code: 486 });
    let last = flow.on(Event::SoundOver(Sound::CouldNotConnect));
    assert!(last.contains(&Action::AgentDone { agent: agent() }));
    assert_eq!(finish_of(&last), Some(End::new(Cause::Busy, EndedBy::Customer)));
}

#[test]
fn a_forwarded_call_is_answered_only_when_the_target_answers() {
    let mut flow = Flow::default();
    flow.on(Event::Begin(Plan::Forward { agent: None }));
    assert_eq!(flow.on(Event::Ringing(Side::Party)), vec![Action::LetRing(Side::Customer)]);
    let both = flow.on(Event::Answered(Side::Party));
    assert_eq!(both[0], Action::Answer(Side::Customer));
}

#[test]
fn an_agent_has_a_call_for_their_own_number_from_its_first_ring_to_its_end() {
    let ringing = || {
        let mut flow = Flow::default();
        flow.on(Event::Begin(Plan::Forward { agent: Some(agent()) }));
        assert_eq!(flow.agent(), Some(agent()), "the buttons are the agent's");
        flow
    };
    let mut flow = ringing();
    let both = flow.on(Event::Answered(Side::Party));
    assert_eq!(
        both[1..],
        [Action::OutboundAnswered { agent: agent() }, Action::Connect { agent: Some(agent()) }]
    );
    let last = flow.on(Event::LegEnded { side: Side::Customer, code: 200 });
    assert!(last.contains(&Action::AgentDone { agent: agent() }));

    let reject = Action::Reject { side: Side::Customer, code: 603 };
    let rejected = ringing().on(Event::RejectAsked { by: agent() });
    assert_eq!(rejected[..3], [Action::Drop(Side::Party), Action::AgentDone { agent: agent() }, reject]);
    assert_eq!(finish_of(&rejected), Some(End::new(Cause::Rejected, EndedBy::Agent)));

    let expired = ringing().on(Event::DiallingExpired { agent: agent() });
    assert!(expired.contains(&Action::AgentDone { agent: agent() }));
    assert_eq!(finish_of(&expired).map(|end| end.cause), Some(Cause::NoAnswer));
    let given_up = ringing().on(Event::LegEnded { side: Side::Customer, code: 487 });
    assert!(given_up.contains(&Action::AgentDone { agent: agent() }));
    assert_eq!(finish_of(&given_up).map(|end| end.cause), Some(Cause::Abandoned));
}

#[test]
fn a_phone_that_answered_and_left_before_the_floors_word_frees_both() {
    let mut flow = offering(OfferId(1));
    flow.on(Event::Answered(Side::Party));
    flow.on(Event::LegEnded { side: Side::Party, code: 200 });
    let late = flow.on(Event::Accepted { offer: OfferId(1), agent: agent() });
    assert_eq!(late, [Action::AgentDone { agent: agent() }, Action::JoinQueue(None)]);
}

#[test]
fn what_the_network_says_goes_before_our_own_ringing_tone() {
    let early = || Event::EarlyMedia(Side::Customer);
    let mut clicked = Flow::default();
    clicked.on(Event::Begin(Plan::AgentFirst { agent: agent() }));
    clicked.on(Event::Answered(Side::Party));
    let heard = clicked.on(early());
    assert_eq!(heard, [Action::StopPlaying(Side::Party), Action::HearEarly(Side::Customer)]);
    assert_eq!(clicked.phase(), Phase::Dialling);

    let mut dialled = Flow::default();
    dialled.on(Event::Begin(Plan::PhoneDialled { agent: Some(agent()), callee: None }));
    let heard = dialled.on(early());
    assert_eq!(heard, [Action::Progress(Side::Party), Action::HearEarly(Side::Customer)]);
}

#[test]
fn a_colleague_who_is_called_is_bound_from_the_first_ring_to_the_end() {
    let ringing = || {
        let mut flow = Flow::default();
        flow.on(Event::Begin(Plan::PhoneDialled { agent: Some(agent()), callee: Some(other()) }));
        flow
    };
    let done = Action::AgentDone { agent: other() };
    let mut flow = ringing();
    let both = flow.on(Event::Answered(Side::Customer));
    assert!(both.contains(&Action::OutboundAnswered { agent: other() }));
    let last = flow.on(Event::LegEnded { side: Side::Party, code: 200 });
    assert_eq!(last.iter().filter(|action| **action == done).count(), 1);
    let busy = ringing().on(Event::LegEnded { side: Side::Customer, code: 486 });
    assert!(busy.contains(&done));
    let rejected = ringing().on(Event::RejectAsked { by: other() });
    assert!(rejected.contains(&done) && rejected.contains(&Action::AgentDone { agent: agent() }));
    assert_eq!(finish_of(&rejected), Some(End::new(Cause::Rejected, EndedBy::Customer)));
}
