//! Over real sockets: the messages of a call are seen, and a call that replaces another finds it.

mod common;

use std::sync::{Arc, Mutex};

use common::{Endpoint, Phones, REALM, call_to, next, peer};
use sip::{Config, Direction, Directory, LegEvent, Listen, Observed, Observer, Replaces, Transport, Trunk};

#[derive(Debug, Default)]
struct Notes(Mutex<Vec<Observed>>);

impl Observer for Notes {
    fn message(&self, message: Observed) {
        self.0.lock().expect("not poisoned").push(message);
    }
}

impl Notes {
    /// The first line of each message, with its way.
    fn lines(&self) -> Vec<(Direction, String)> {
        let notes = self.0.lock().expect("not poisoned");
        let line = |o: &Observed| String::from_utf8_lossy(&o.bytes).lines().next().unwrap_or("").to_owned();
        notes.iter().map(|o| (o.direction, line(o))).collect()
    }

    /// The tag of a header in our 200 to the INVITE.
    fn tag(&self, header: &str) -> String {
        let notes = self.0.lock().expect("not poisoned");
        let answers = notes.iter().map(|o| String::from_utf8_lossy(&o.bytes).into_owned());
        let answer =
            answers.filter(|text| text.starts_with("SIP/2.0 200 ")).find(|t| t.contains(" INVITE\r\n"));
        let answer = answer.expect("a 200");
        let line = answer.lines().find(|line| line.starts_with(&format!("{header}: "))).expect("the header");
        line.split_once(";tag=").map(|(_, tag)| tag.to_owned()).expect("a tag")
    }
}

async fn observed_hub(notes: &Arc<Notes>) -> Endpoint {
    let phones = Phones::with(&[]);
    let mut config = Config::new(REALM);
    let addr = "127.0.0.1:0".parse().expect("an address");
    config.listen.push(Listen { transport: Transport::Udp, addr });
    let source = "127.0.0.1".parse().expect("a network");
    config.trunks.push(Trunk { name: "carrier".to_owned(), sources: vec![source] });
    config.observer = Some(Arc::clone(notes) as Arc<dyn Observer>);
    let directory = Arc::clone(&phones) as Arc<dyn Directory>;
    let (sip, incoming) = sip::start(config, directory, Vec::new()).await.expect("it starts");
    Endpoint { sip, incoming, phones }
}

#[tokio::test]
async fn a_call_is_seen_and_replaced() {
    let notes = Arc::new(Notes::default());
    let mut hub = observed_hub(&notes).await;
    let caller = Endpoint::on("127.0.0.1", Phones::with(&[]), &[]).await;
    let mut out = caller.sip.call(call_to(peer(&hub, Transport::Udp))).await.expect("goes out");
    let mut first = hub.next_call().await;
    assert_eq!(first.replaces, None);
    first.leg.commands().answer("answer".into()).expect("answers");
    assert!(matches!(next(&mut out).await, LegEvent::Answered { .. }));
    assert_eq!(next(&mut first.leg).await, LegEvent::Confirmed);

    let replaces = Replaces {
        call_id: first.sip_call_id.clone(),
        to_tag: notes.tag("To"),
        from_tag: notes.tag("From"),
        early_only: false,
    };
    assert_eq!(hub.sip.leg_of(&replaces).await, Some(first.leg.id));
    let unknown = Replaces { to_tag: "x".to_owned(), ..replaces.clone() };
    assert_eq!(hub.sip.leg_of(&unknown).await, None);

    let mut call = call_to(peer(&hub, Transport::Udp));
    let Replaces { call_id, to_tag, from_tag, .. } = &replaces;
    let value = format!("{call_id};to-tag={to_tag};from-tag={from_tag}");
    call.headers = vec![("Replaces".to_owned(), value)];
    let mut taking = caller.sip.call(call).await.expect("goes out");
    let mut second = hub.next_call().await;
    assert_eq!(second.replaces, Some(first.leg.id));
    second.leg.commands().answer("answer".into()).expect("answers");
    assert!(matches!(next(&mut taking).await, LegEvent::Answered { .. }));
    assert_eq!(next(&mut second.leg).await, LegEvent::Confirmed);
    first.leg.commands().end(None).expect("ends");
    assert!(matches!(next(&mut out).await, LegEvent::Ended(_)));
    assert_eq!(hub.sip.leg_of(&replaces).await, None);

    let lines = notes.lines();
    assert!(lines.first().is_some_and(|(way, line)| *way == Direction::In && line.starts_with("INVITE ")));
    let bye = |(way, line): &(Direction, String)| *way == Direction::Out && line.starts_with("BYE ");
    assert_eq!(lines.iter().filter(|line| bye(line)).count(), 1, "{lines:?}");
}
