//! Transcripts of calls: what the flow is told, and what it asks for.

use callcenter::{AgentId, OfferId};
use uuid::Uuid;

use super::*;

fn agent() -> AgentId {
    AgentId(Uuid::from_u128(7))
}

fn finish_of(actions: &[Action]) -> Option<End> {
    actions.iter().find_map(|action| match action {
        Action::Finish(end) => Some(*end),
        _ => None,
    })
}

fn waiting() -> Flow {
    let mut flow = Flow::default();
    flow.on(Event::Begin(Plan::Queue));
    let joined = flow.on(Event::SoundOver(Sound::Greeting));
    assert!(joined.contains(&Action::JoinQueue(None)));
    flow
}

fn offering(offer: OfferId) -> Flow {
    let mut flow = waiting();
    let rung = flow.on(Event::Offered { offer, agent: agent() });
    assert_eq!(rung, vec![Action::Ring { side: Side::Party, callee: Callee::Agent(agent()) }]);
    flow
}

fn talking() -> Flow {
    let offer = OfferId(1);
    let mut flow = offering(offer);
    flow.on(Event::Answered(Side::Party));
    flow.on(Event::Accepted { offer, agent: agent() });
    assert_eq!(flow.phase(), Phase::Talking);
    flow
}

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

/// Everything there is to wish, with an agent of its own where one is asked for.
fn any_wish(dice: &mut impl rand::Rng, next: AgentId) -> Wish {
    use rand::RngExt;

    let callee =
        if dice.random_bool(0.5) { Callee::Agent(next) } else { Callee::Number("+34910000199".to_owned()) };
    match dice.random_range(0..10) {
        0 => Wish::Hold,
        1 => Wish::Together,
        2 => Wish::Transfer(callee),
        3 => Wish::TransferToQueue(callcenter::QueueId(Uuid::nil())),
        4 | 5 => Wish::Consult(callee),
        6 => Wish::CompleteTransfer,
        7 => Wish::CancelConsult,
        8 => Wish::Add(callee),
        _ if dice.random_bool(0.5) => Wish::Park,
        _ => Wish::PickUp(next),
    }
}

fn asked_agent(wish: &Wish) -> Option<AgentId> {
    match wish {
        Wish::Transfer(callee) | Wish::Consult(callee) | Wish::Add(callee) => callee.agent(),
        Wish::PickUp(agent) => Some(*agent),
        _ => None,
    }
}

/// Every event in every order the dice give: a call finishes once, says nothing after that, and
/// lets go of every agent exactly once.
#[test]
fn any_order_of_events_finishes_a_call_exactly_once() {
    use rand::{RngExt, SeedableRng, rngs::StdRng};

    for seed in 0..20_000_u64 {
        let mut dice = StdRng::seed_from_u64(seed);
        let mut flow = Flow::default();
        let plan = match dice.random_range(0..4) {
            0 => Plan::Queue,
            1 => Plan::Forward { agent: Some(agent()).filter(|_| dice.random_bool(0.5)) },
            2 => Plan::AgentFirst { agent: agent() },
            _ => Plan::PhoneDialled {
                agent: Some(agent()).filter(|_| dice.random_bool(0.5)),
                callee: Some(other()).filter(|_| dice.random_bool(0.5)),
            },
        };
        let mut said = flow.on(Event::Begin(plan));
        let mut invited = Vec::new();
        for step in 0..80 {
            let offer = OfferId(dice.random_range(0..3));
            let side = match dice.random_range(0..6) {
                0 | 1 => Side::Customer,
                2 | 3 => Side::Party,
                _ => Side::Guest(dice.random_range(0..4)),
            };
            let event = match dice.random_range(0..20) {
                0 | 1 => Event::SoundOver(
                    [Sound::Greeting, Sound::Overflow, Sound::CouldNotConnect][dice.random_range(0..3)],
                ),
                2 | 3 => Event::Offered { offer, agent: agent() },
                4 => Event::Withdrawn { offer },
                5 => Event::Accepted { offer, agent: agent() },
                6 if dice.random_bool(0.5) => Event::EarlyMedia(side),
                6 => Event::Ringing(side),
                7 | 8 => Event::Answered(side),
                9 if step > 10 => {
                    Event::LegEnded { side, code: [200, 408, 486, 603][dice.random_range(0..4)] }
                }
                10 if step > 20 => Event::Overflowed,
                11 if step > 20 => Event::HangUpAsked { by: invited.last().copied().unwrap_or(agent()) },
                12 => Event::PhoneLost(side),
                13 => Event::PhoneBack { side, resumed: dice.random_bool(0.5) },
                14 if step > 30 => Event::WaitOver(
                    [Wait::Parked, Wait::Rejoin(side), Wait::Again(side)][dice.random_range(0..3)],
                ),
                15 => Event::DiallingExpired { agent: invited.last().copied().unwrap_or(agent()) },
                16..=18 => {
                    let next = AgentId(Uuid::from_u128(1_000 + step));
                    let wish = any_wish(&mut dice, next);
                    if !flow.may(&wish) {
                        continue;
                    }
                    invited.extend(asked_agent(&wish));
                    Event::Asked(wish)
                }
                _ => Event::Stale { offer },
            };
            let over = flow.phase() == Phase::Ended;
            let (bound, phase) = (flow.agent(), flow.phase());
            let actions = flow.on(event);
            if over {
                assert!(actions.iter().all(|a| matches!(a, Action::FailOffer { .. })), "seed {seed}");
            }
            if let Some(agent) = bound.filter(|_| matches!(phase, Phase::Talking | Phase::Held))
                && finish_of(&actions).is_some()
            {
                let done = actions.contains(&Action::AgentDone { agent });
                assert!(done, "seed {seed}: an agent stays bound to a finished call");
            }
            said.extend(actions);
        }
        said.extend(flow.on(Event::Shutdown));
        let count = |wanted: &dyn Fn(&Action) -> bool| said.iter().filter(|action| wanted(action)).count();
        assert_eq!(count(&|action| matches!(action, Action::Finish(_))), 1, "seed {seed}");
        for agent in invited {
            let done = count(&|action| *action == Action::AgentDone { agent });
            assert_eq!(done, 1, "seed {seed}: {agent} was asked in once and let go {done} times");
        }
    }
}

fn other() -> AgentId {
    AgentId(Uuid::from_u128(8))
}

fn mixed(actions: &[Action]) -> Option<&[Side]> {
    actions.iter().rev().find_map(|action| match action {
        Action::Mix(sides) => Some(&sides[..]),
        _ => None,
    })
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
fn a_page_that_reloads_keeps_its_customer() {
    let mut flow = talking();
    let lost = flow.on(Event::PhoneLost(Side::Party));
    assert!(lost.contains(&Action::Wait(Wait::Rejoin(Side::Party))) && lost.contains(&talk::music()));
    assert!(!lost.iter().any(|action| matches!(action, Action::AgentDone { .. })));
    let rung = flow.on(Event::PhoneBack { side: Side::Party, resumed: false });
    assert_eq!(rung[0], Action::Drop(Side::Party), "the page has forgotten that leg");
    let back = flow.on(Event::Answered(Side::Party));
    assert_eq!(mixed(&back), Some(&[Side::Customer, Side::Party][..]));
    flow.on(Event::PhoneLost(Side::Party));
    let resumed = flow.on(Event::PhoneBack { side: Side::Party, resumed: true });
    assert_eq!(mixed(&resumed), Some(&[Side::Customer, Side::Party][..]), "the network was away");
    flow.on(Event::PhoneLost(Side::Party));
    let over = flow.on(Event::WaitOver(Wait::Rejoin(Side::Party)));
    assert!(over.contains(&Action::AgentDone { agent: agent() }));
    assert_eq!(flow.phase(), Phase::Waiting, "the customer goes back to the queue");
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
fn a_phone_that_answered_and_left_before_the_floors_word_frees_both() {
    let mut flow = offering(OfferId(1));
    flow.on(Event::Answered(Side::Party));
    flow.on(Event::LegEnded { side: Side::Party, code: 200 });
    let late = flow.on(Event::Accepted { offer: OfferId(1), agent: agent() });
    assert_eq!(late, [Action::AgentDone { agent: agent() }, Action::JoinQueue(None)]);
}

#[test]
fn a_lost_phone_may_be_silent_and_a_hold_outlives_it() {
    let mut flow = talking();
    flow.on(Event::Asked(Wish::Hold));
    flow.on(Event::PhoneLost(Side::Party));
    assert!(flow.on(Event::MediaDead(Side::Party)).is_empty());
    let back = flow.on(Event::PhoneBack { side: Side::Party, resumed: true });
    assert_eq!(mixed(&back), Some(&[Side::Party][..]), "the customer is still on hold");
    assert_eq!(flow.phase(), Phase::Held);
}

#[test]
fn a_conference_survives_the_silence_of_its_host() {
    let mut flow = talking();
    flow.on(Event::Asked(Wish::Add(Callee::Agent(other()))));
    flow.on(Event::Answered(Side::Guest(0)));
    let left = flow.on(Event::MediaDead(Side::Party));
    assert!(finish_of(&left).is_none());
    assert_eq!(flow.agent(), Some(other()));
}

fn consulting() -> Flow {
    let mut flow = talking();
    flow.on(Event::Asked(Wish::Consult(Callee::Agent(other()))));
    flow.on(Event::Answered(Side::Guest(0)));
    flow
}

#[test]
fn a_page_that_reloads_comes_back_into_its_consultation() {
    let mut flow = consulting();
    let lost = flow.on(Event::PhoneLost(Side::Party));
    let guest = Side::Guest(0);
    assert_eq!(mixed(&lost), Some(&[guest][..]));
    let music = Action::Play { to: guest, sound: Sound::HoldMusic, forever: true };
    assert!(lost.contains(&music), "the one consulted waits with music: {lost:?}");
    assert_eq!(flow.agent(), Some(agent()), "it is still her call");
    assert!(!flow.may(&Wish::CompleteTransfer), "she is not there to complete it");
    flow.on(Event::PhoneBack { side: Side::Party, resumed: false });
    let back = flow.on(Event::Answered(Side::Party));
    assert_eq!(back, [Action::StopPlaying(guest), Action::Mix(vec![Side::Party, guest])]);
    assert!(flow.is_consulting() && flow.may(&Wish::CompleteTransfer));
}

#[test]
fn a_conference_talks_on_while_its_hosts_page_reloads() {
    let mut flow = talking();
    flow.on(Event::Asked(Wish::Add(Callee::Agent(other()))));
    flow.on(Event::Answered(Side::Guest(0)));
    let lost = flow.on(Event::PhoneLost(Side::Party));
    let others = vec![Side::Customer, Side::Guest(0)];
    assert_eq!(lost, [Action::Mix(others), Action::Wait(Wait::Rejoin(Side::Party))], "nobody hears music");
    assert_eq!((flow.phase(), flow.agent()), (Phase::Talking, Some(agent())));
    // Nobody comes back: who is there takes the customer over.
    let over = flow.on(Event::WaitOver(Wait::Rejoin(Side::Party)));
    assert!(
        over.contains(&Action::AgentDone { agent: agent() }) && over.contains(&Action::Seat(Side::Guest(0)))
    );
    assert_eq!(flow.agent(), Some(other()));
}

#[test]
fn a_page_that_reloads_twice_is_rung_until_it_answers() {
    let mut flow = talking();
    flow.on(Event::PhoneLost(Side::Party));
    flow.on(Event::PhoneBack { side: Side::Party, resumed: false });
    for code in [503, 480] {
        let failed = flow.on(Event::LegEnded { side: Side::Party, code });
        assert_eq!(failed.last(), Some(&Action::Wait(Wait::Again(Side::Party))));
        let again = flow.on(Event::WaitOver(Wait::Again(Side::Party)));
        let ring = Action::Ring { side: Side::Party, callee: Callee::Back(agent()) };
        assert_eq!(again.last(), Some(&ring));
    }
    let back = flow.on(Event::Answered(Side::Party));
    assert_eq!(mixed(&back), Some(&[Side::Customer, Side::Party][..]));
    assert!(flow.on(Event::WaitOver(Wait::Again(Side::Party))).is_empty(), "it is there");
    assert!(flow.on(Event::WaitOver(Wait::Rejoin(Side::Party))).is_empty(), "it is there");
}

#[test]
fn an_agent_who_declines_the_ring_back_gives_the_customer_away_at_once() {
    let mut flow = talking();
    flow.on(Event::PhoneLost(Side::Party));
    flow.on(Event::PhoneBack { side: Side::Party, resumed: false });
    let declined = flow.on(Event::LegEnded { side: Side::Party, code: 603 });
    assert!(declined.contains(&Action::AgentDone { agent: agent() }));
    assert_eq!(flow.phase(), Phase::Waiting);
}

#[test]
fn a_guest_whose_page_reloads_keeps_the_seat() {
    let mut flow = consulting();
    let guest = Side::Guest(0);
    let lost = flow.on(Event::PhoneLost(guest));
    assert_eq!(mixed(&lost), Some(&[Side::Party][..]));
    let rung = flow.on(Event::PhoneBack { side: guest, resumed: false });
    assert_eq!(rung.last(), Some(&Action::Ring { side: guest, callee: Callee::Back(other()) }));
    let back = flow.on(Event::Answered(guest));
    assert_eq!(mixed(&back), Some(&[Side::Party, guest][..]));
    assert!(!back.contains(&Action::OutboundAnswered { agent: other() }), "that agent talks already");
    flow.on(Event::PhoneLost(guest));
    let over = flow.on(Event::WaitOver(Wait::Rejoin(guest)));
    assert!(over.contains(&Action::AgentDone { agent: other() }));
    assert_eq!(flow.phase(), Phase::Held, "the agent still has the customer on hold");
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
