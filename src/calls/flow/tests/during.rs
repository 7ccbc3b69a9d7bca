//! Hold, consultation, conference, transfer and parking.

use super::*;

#[test]
fn the_music_of_another_queue_is_played_once_that_queue_is_joined() {
    let queue = callcenter::QueueId(Uuid::nil());
    let sent = talking().on(Event::Asked(Wish::TransferToQueue(queue)));
    assert_eq!(sent[2..], [Action::JoinQueue(Some(queue)), talk::music()]);
}

#[test]
fn a_consultation_that_rings_nobody_is_one_no_more() {
    let mut flow = talking();
    flow.on(Event::Asked(Wish::Consult(Callee::Agent(other()))));
    assert!(flow.is_consulting());
    flow.on(Event::LegEnded { side: Side::Guest(0), code: 480 });
    assert!(!flow.is_consulting());
    assert_eq!(flow.phase(), Phase::Held, "what is shown must change though the phase does not");
}

#[test]
fn a_customer_on_hold_hears_music_and_comes_back() {
    let mut flow = talking();
    let held = flow.on(Event::Asked(Wish::Hold));
    assert_eq!(held, [Action::Mix(vec![Side::Party]), talk::music()]);
    assert_eq!(flow.phase(), Phase::Held);
    assert!(!flow.may(&Wish::Hold));
    let back = flow.on(Event::Asked(Wish::Together));
    assert_eq!(back, [Action::StopPlaying(Side::Customer), Action::Mix(vec![Side::Customer, Side::Party])]);
}

#[test]
fn a_consulted_agent_takes_the_customer_over() {
    let mut flow = talking();
    let rung = flow.on(Event::Asked(Wish::Consult(Callee::Agent(other()))));
    let guest = Side::Guest(0);
    assert_eq!(rung.last(), Some(&Action::Ring { side: guest, callee: Callee::Agent(other()) }));
    let answered = flow.on(Event::Answered(guest));
    assert_eq!(mixed(&answered), Some(&[Side::Party, guest][..]), "the customer does not hear them");
    let completed = flow.on(Event::Asked(Wish::CompleteTransfer));
    assert_eq!(completed[0], Action::Drop(Side::Party));
    assert!(completed.contains(&Action::AgentDone { agent: agent() }));
    assert!(completed.contains(&Action::Seat(guest)));
    assert_eq!(mixed(&completed), Some(&[Side::Customer, Side::Party][..]));
    assert_eq!(flow.agent(), Some(other()));
}

#[test]
fn hanging_up_while_the_consulted_phone_rings_hands_the_customer_on() {
    let mut flow = talking();
    flow.on(Event::Asked(Wish::Consult(Callee::Agent(other()))));
    let left = flow.on(Event::LegEnded { side: Side::Party, code: 200 });
    assert!(left.contains(&Action::Seat(Side::Guest(0))));
    assert_eq!(flow.phase(), Phase::Ringing);
    let answered = flow.on(Event::Answered(Side::Party));
    assert!(answered.contains(&Action::Connect { agent: Some(other()) }));
}

#[test]
fn a_conference_goes_on_when_the_agent_leaves() {
    let mut flow = talking();
    for seat in 0..2 {
        flow.on(Event::Asked(Wish::Add(Callee::Number("+34910000199".to_owned()))));
        flow.on(Event::Answered(Side::Guest(seat)));
    }
    let left = flow.on(Event::LegEnded { side: Side::Party, code: 200 });
    assert_eq!(mixed(&left), Some(&[Side::Customer, Side::Party, Side::Guest(1)][..]));
    let last = flow.on(Event::LegEnded { side: Side::Customer, code: 200 });
    assert!(last.contains(&Action::Drop(Side::Guest(1))));
    assert_eq!(finish_of(&last), Some(End::new(Cause::Completed, EndedBy::Customer)));
}

#[test]
fn a_transfer_that_nobody_takes_goes_back_to_the_queue() {
    let mut flow = talking();
    flow.on(Event::Asked(Wish::Transfer(Callee::Agent(other()))));
    let back = flow.on(Event::LegEnded { side: Side::Party, code: 486 });
    assert_eq!(back[0], Action::AgentDone { agent: other() });
    assert_eq!(back.last(), Some(&Action::JoinQueue(None)));
    assert_eq!(flow.phase(), Phase::Waiting);
}

#[test]
fn a_parked_customer_is_picked_up_by_another_agent() {
    let mut flow = talking();
    let parked = flow.on(Event::Asked(Wish::Park));
    assert!(parked.contains(&Action::AgentDone { agent: agent() }));
    flow.on(Event::Asked(Wish::PickUp(other())));
    flow.on(Event::Answered(Side::Party));
    assert_eq!((flow.phase(), flow.agent()), (Phase::Talking, Some(other())));
}

#[test]
fn who_is_consulted_hangs_up_for_nobody_else() {
    let mut flow = talking();
    flow.on(Event::Asked(Wish::Consult(Callee::Agent(other()))));
    flow.on(Event::Answered(Side::Guest(0)));
    let gone = flow.on(Event::HangUpAsked { by: other() });
    assert_eq!(gone[0], Action::Drop(Side::Guest(0)));
    assert!(!gone.contains(&Action::Drop(Side::Party)), "the agent who asked stays");
    assert_eq!(flow.agent(), Some(agent()));
}

#[test]
fn who_handed_the_call_on_cannot_end_it() {
    let mut flow = talking();
    flow.on(Event::Asked(Wish::Transfer(Callee::Agent(other()))));
    assert!(flow.on(Event::HangUpAsked { by: agent() }).is_empty());
    flow.on(Event::Answered(Side::Party));
    assert!(flow.on(Event::RejectAsked { by: agent() }).is_empty());
    assert_eq!(
        finish_of(&flow.on(Event::HangUpAsked { by: other() })).map(|end| end.by),
        Some(EndedBy::Agent)
    );
}

#[test]
fn the_far_end_of_a_second_call_takes_the_phones_place_in_the_customers() {
    let mut beside = Flow::default();
    beside.on(Event::Begin(Plan::PhoneDialled { agent: None, callee: Some(other()) }));
    assert_eq!(beside.may_give_up(), None, "it rings");
    beside.on(Event::Answered(Side::Customer));
    assert!(beside.is_beside());
    assert_eq!(beside.may_give_up(), Some(Some(other())));
    let given = beside.on(Event::GivenUp);
    assert!(!given.iter().any(|action| matches!(action, Action::AgentDone { .. })), "bound elsewhere now");
    assert_eq!(finish_of(&given), Some(End::new(Cause::Completed, EndedBy::Agent)));

    let mut flow = talking();
    let joined = flow.on(Event::Brought { agent: Some(other()) });
    let guest = Side::Guest(0);
    let expected = [
        Action::Sit(guest),
        Action::Drop(Side::Party),
        Action::AgentDone { agent: agent() },
        Action::Seat(guest),
        Action::Connect { agent: Some(other()) },
        Action::Mix(vec![Side::Customer, Side::Party]),
    ];
    assert_eq!(joined, expected);
    assert_eq!(flow.agent(), Some(other()));
}
