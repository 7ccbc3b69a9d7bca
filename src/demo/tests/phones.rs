//! An agent's demo phone, rung by a hub.

use sip::EndedBy;
use uuid::Uuid;

use super::hub::{Company, Hub, LOOPBACK, Side};
use crate::demo::aurora::{self, Seeded};
use crate::demo::{DemoError, DemoPhones, PhoneMode};

struct Stage {
    hub: Hub,
    phones: DemoPhones,
    user: Uuid,
    username: String,
    _company: Company,
}

impl Stage {
    async fn set(mode: PhoneMode) -> Self {
        let company = Company::new().await;
        let seeded: Seeded = aurora::seed(&company.db, &company.keys).await.expect("seeded");
        let hub = Hub::new(&company).await;
        let media =
            media::Media::start(media::Config { workers: 1, ..media::Config::on(LOOPBACK) }).expect("media");
        let accounts = seeded.demo_phones();
        let (user, username) = (accounts[0].user_id, accounts[0].username.clone());
        let all: Vec<String> = accounts.iter().map(|account| account.username.clone()).collect();
        let phones = DemoPhones::start(media, hub.addr, accounts, mode).await.expect("registered");
        assert!(all.iter().all(|username| hub.sip.is_registered(username)), "every phone is registered");
        Self { hub, phones, user, username, _company: company }
    }

    async fn ring(&self) -> Side {
        let mut call = self.hub.call_phone(&self.username).await;
        call.rings().await;
        call
    }
}

#[tokio::test]
async fn answer_is_pressed_and_both_are_heard_until_the_receiver_is_put_down() {
    let stage = Stage::set(PhoneMode::Attended).await;
    let mut call = stage.ring().await;
    stage.phones.answer(stage.user).await.expect("it rings");
    call.is_answered().await;
    call.talks_both_ways().await;
    let answer = call.holds().await;
    assert_eq!(answer.direction(), media::Direction::RecvOnly, "a hold is mirrored");
    stage.phones.hang_up(stage.user).await.expect("it talks");
    let ended = call.ends().await;
    assert_eq!(ended.by, EndedBy::Remote);
    let counts = call.counts().await;
    assert!(counts.packets_in > 0 && counts.packets_out > 0, "{counts:?}");
    stage.phones.shutdown().await;
}

#[tokio::test]
async fn nobody_presses_anything_and_the_phone_answers_by_itself() {
    let stage = Stage::set(PhoneMode::Attended).await;
    let mut call = stage.ring().await;
    call.is_answered().await;
    call.talks_both_ways().await;

    let mut second = stage.hub.call_phone(&stage.username).await;
    assert_eq!(second.ends().await.code, 486, "one call at a time");

    call.hangs_up();
    call.ends().await;
    let mut third = stage.ring().await;
    third.hangs_up();
    third.ends().await;
    stage.phones.shutdown().await;
}

#[tokio::test]
async fn reject_is_busy_and_no_call_means_no_buttons() {
    let stage = Stage::set(PhoneMode::Attended).await;
    assert!(matches!(stage.phones.answer(stage.user).await, Err(DemoError::NoCall)));
    assert!(matches!(stage.phones.answer(Uuid::nil()).await, Err(DemoError::NoCall)));
    let mut call = stage.ring().await;
    stage.phones.reject(stage.user).await.expect("it rings");
    let ended = call.ends().await;
    assert_eq!((ended.by, ended.code), (EndedBy::Remote, 486));
    stage.phones.shutdown().await;
}

#[tokio::test]
async fn stopping_the_demo_ends_its_calls_and_registrations() {
    let stage = Stage::set(PhoneMode::Attended).await;
    let mut call = stage.ring().await;
    stage.phones.answer(stage.user).await.expect("it rings");
    call.is_answered().await;
    stage.phones.shutdown().await;
    assert_eq!(call.ends().await.by, EndedBy::Remote);
    assert!(!stage.hub.sip.is_registered(&stage.username));
}
