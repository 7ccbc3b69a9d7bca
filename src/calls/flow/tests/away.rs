//! Phones that are lost in mid-call.

use super::*;

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
