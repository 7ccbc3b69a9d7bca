//! Browsers that no UDP leads out of: they come over TCP (RFC 6544), to the same port.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv6Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use media::CodecKind::Pcmu;
use media::{Channel, Direction, Event, sdp};
use rand::{RngExt as _, SeedableRng as _};

use crate::browser::Browser;
use crate::browsers::{called_by, talk};
use crate::line::Line;
use crate::phone::{PATIENCE, Phone};
use crate::room::Room;

/// Where browsers come.
pub fn port(room: &mut Room) -> SocketAddr {
    let leg = room.session.add_browser_leg(Channel::Left).expect("a leg");
    room.session.remove_leg(leg.id);
    room.settle();
    leg.local
}

/// Whether the other end closes it, and how long that takes.
fn closed_after(mut stream: &TcpStream) -> Option<Duration> {
    let began = Instant::now();
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout is set");
    let mut bytes = [0; 64];
    loop {
        match stream.read(&mut bytes) {
            Ok(0) => return Some(began.elapsed()),
            Ok(_) => {}
            Err(e) if e.kind() == ErrorKind::ConnectionReset => return Some(began.elapsed()),
            Err(_) => return None,
        }
    }
}

#[test]
fn a_browser_without_udp_talks_with_a_phone() {
    let mut room = Room::new();
    let to = port(&mut room);
    let (mut alice, mut browser) = (Phone::new(1), Browser::over(Line::tcp(to)));
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, _) = called_by(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    let here = browser.addr();
    let latched = room.expect(|event| matches!(event, Event::Latched { leg, .. } if *leg == b.id));
    assert_eq!(latched, Event::Latched { leg: b.id, addr: here });
    browser.press(7);
    let digit = room.expect(|event| matches!(event, Event::Digit { .. }));
    assert!(matches!(digit, Event::Digit { leg, digit: '7', .. } if leg == b.id));
    let stats = room.media.stats();
    assert_eq!((stats.browser_connections, stats.browser_refused, stats.browser_late), (1, 0, 0));
    room.session.remove_leg(b.id);
    room.wait("its connection goes with it", |stats| stats.browser_connections == 0);
}

#[test]
fn what_is_said_of_tcp_is_less_than_what_is_said_of_udp() {
    let room = Room::new();
    let leg = room.session.add_browser_leg(Channel::Left).expect("a leg");
    let offer = leg.sdp().offer(&[], Direction::SendRecv);
    let text = std::str::from_utf8(&offer).expect("text");
    let port = leg.local.port();
    let udp = format!("a=candidate:1 1 udp 2130706431 127.0.0.1 {port} typ host\r\n");
    // 90 and, for an end that waits to be connected to, 4 (RFC 6544 section 4.2).
    let tcp = format!("a=candidate:2 1 tcp 1520435199 127.0.0.1 {port} typ host tcptype passive\r\n");
    assert!(text.contains(&(udp + &tcp)), "{text}");
    let without = Room::with(|config| config.browser_tcp = false);
    let leg = without.session.add_browser_leg(Channel::Left).expect("a leg");
    let offer = leg.sdp().offer(&[], Direction::SendRecv);
    assert!(!std::str::from_utf8(&offer).expect("text").contains(" tcp "));
    assert!(TcpStream::connect(leg.local).is_err(), "nobody listens");
}

#[test]
fn a_browser_that_says_tcp_is_answered_so_and_only_with_ice() {
    let room = Room::new();
    let mut browser = Browser::new();
    let (offer, _) = browser.offer();
    let offer = String::from_utf8(offer).expect("text").replace("UDP/TLS/RTP/SAVPF", "TCP/DTLS/RTP/SAVPF");
    let parsed = sdp::parse(offer.as_bytes()).expect("a browser's words");
    assert_eq!(parsed.security(), sdp::Security::Browser);
    let leg = room.session.add_browser_leg(Channel::Left).expect("a leg");
    let (answer, _) = leg.sdp().answer(&parsed, Some(Pcmu), Direction::SendRecv).expect("in common");
    assert!(String::from_utf8_lossy(&answer).contains(" TCP/DTLS/RTP/SAVPF "));
    let lines = offer.lines().filter(|line| !line.starts_with("a=ice-ufrag"));
    let without = lines.map(|line| format!("{line}\r\n")).collect::<String>();
    assert!(sdp::parse(without.as_bytes()).is_err(), "a phone has no way to connect to us");
}

#[test]
fn udp_comes_back_and_the_call_moves_to_it() {
    let mut room = Room::new();
    let to = port(&mut room);
    let (mut alice, mut browser) = (Phone::new(1), Browser::over(Line::tcp(to)));
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, _) = called_by(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    let by_tcp = browser.addr();
    browser.plug(Line::udp());
    let deadline = Instant::now() + PATIENCE;
    let latched = loop {
        browser.turn();
        match room.events.try_recv() {
            Ok(Event::Latched { leg, addr }) if leg == b.id && addr != by_tcp => break addr,
            _ => assert!(Instant::now() < deadline, "it never moved"),
        }
    };
    browser.unplug();
    assert_eq!(latched, browser.addr());
    room.wait("its connection is closed", |stats| stats.browser_connections == 0);
    talk(&mut room, &mut alice, &a, &mut browser);
}

#[test]
fn a_connection_breaks_and_the_call_goes_on_by_a_restart() {
    let mut room = Room::new();
    let to = port(&mut room);
    let (mut alice, mut browser) = (Phone::new(1), Browser::over(Line::tcp(to)));
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, mut words) = called_by(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    browser.unplug();
    room.wait("it is noticed", |stats| stats.browser_connections == 0);
    alice.say(a.local, Pcmu, &[1; 160]);
    browser.plug(Line::tcp(to));
    let (offer, pending) = browser.offer();
    let offer = sdp::parse(&offer).expect("a browser's words");
    let (answer, remote) = words.answer(&offer, Some(Pcmu), Direction::SendRecv).expect("in common");
    room.session.connect(b.id, remote);
    browser.take_answer(pending, &answer);
    let here = browser.addr();
    let deadline = Instant::now() + PATIENCE;
    loop {
        browser.turn();
        if matches!(room.events.try_recv(), Ok(Event::Latched { addr, .. }) if addr == here) {
            break;
        }
        assert!(Instant::now() < deadline, "it never came back");
    }
    browser.heard.clear();
    talk(&mut room, &mut alice, &a, &mut browser);
}

#[test]
fn strangers_connections_are_closed() {
    let mut room = Room::new();
    let to = port(&mut room);
    let connect = || TcpStream::connect(to).expect("somebody listens");
    let before = room.media.stats().browser_refused;
    let said: [&[u8]; 4] =
        [b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n", &[0xff; 100], &[0, 2, 0x80, 0], &[0, 20, 0, 1, 0, 0, 0, 0]];
    for (at, said) in said.into_iter().enumerate() {
        let mut stream = connect();
        stream.write_all(said).expect("sent");
        if at == 3 {
            // Half of a check: whoever never ends it has five seconds.
            let took = closed_after(&stream).expect("closed");
            assert!(took >= Duration::from_secs(4), "{took:?}");
        } else {
            let took = closed_after(&stream).expect("closed");
            assert!(took < Duration::from_secs(4), "{said:?} after {took:?}");
        }
    }
    assert_eq!(room.media.stats().browser_refused, before + 3);
    // Many who say nothing keep nobody out.
    let silent: Vec<TcpStream> = (0..200).map(|_| connect()).collect();
    room.wait("most of them are pushed out", |stats| stats.browser_connections == 64);
    let (mut alice, mut browser) = (Phone::new(1), Browser::over(Line::tcp(to)));
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, _) = called_by(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    room.wait("the rest have their five seconds", |stats| stats.browser_connections == 1);
    drop(silent);
}

#[test]
fn noise_over_connections_harms_no_call() {
    let mut room = Room::new();
    let to = port(&mut room);
    let (mut alice, mut browser) = (Phone::new(1), Browser::over(Line::tcp(to)));
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, _) = called_by(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    for seed in 0..300 {
        let mut chance = rand::rngs::StdRng::seed_from_u64(seed);
        let mut stream = TcpStream::connect(to).expect("somebody listens");
        for _ in 0..chance.random_range(1..5) {
            let length = chance.random_range(0..600);
            let mut noise: Vec<u8> = (0..length).map(|_| chance.random()).collect();
            // Half of it begins as a frame with a check does.
            if chance.random() {
                let check = [0, 100, 0, 1, 0, 80, 0x21, 0x12, 0xa4, 0x42];
                noise.splice(..check.len().min(noise.len()), check);
            }
            // It may be closed by now.
            if stream.write_all(&noise).is_err() {
                break;
            }
        }
    }
    browser.heard.clear();
    talk(&mut room, &mut alice, &a, &mut browser);
    room.wait("only the browser's is left", |stats| stats.browser_connections == 1);
}

#[test]
fn a_browser_with_ipv6_comes_over_tcp_too() {
    let mut room = Room::with(|config| {
        config.bind = Ipv6Addr::LOCALHOST.into();
        config.browser_addr = SocketAddr::from((Ipv6Addr::LOCALHOST, 0));
    });
    let to = port(&mut room);
    let (mut alice, mut browser) = (Phone::on("[::1]:0", 1), Browser::over(Line::tcp(to)));
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, _) = called_by(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    let latched = room.expect(|event| matches!(event, Event::Latched { leg, .. } if *leg == b.id));
    assert_eq!(latched, Event::Latched { leg: b.id, addr: browser.addr() });
}

#[test]
fn a_connection_whose_checks_know_no_password_carries_nothing() {
    let mut room = Room::new();
    let to = port(&mut room);
    let alice = Phone::new(1);
    let a = room.join(&alice, Channel::Left, Pcmu);
    let leg = room.session.add_browser_leg(Channel::Right).expect("a leg");
    let mut browser = Browser::over(Line::tcp(to));
    let (offer, pending) = browser.offer();
    let offer = sdp::parse(&offer).expect("a browser's words");
    let (answer, remote) = leg.sdp().answer(&offer, Some(Pcmu), Direction::SendRecv).expect("in common");
    room.session.connect(leg.id, remote);
    room.session.bridge(a.id, leg.id);
    let text = String::from_utf8(answer.to_vec()).expect("text");
    let lines = text.lines().map(|line| match line.starts_with("a=ice-pwd:") {
        true => "a=ice-pwd:nobodyknowsthispassword1\r\n".to_owned(),
        false => format!("{line}\r\n"),
    });
    browser.take_answer(pending, lines.collect::<String>().as_bytes());
    let deadline = Instant::now() + PATIENCE;
    while room.media.stats().browser_connections < 1 {
        browser.turn();
    }
    while room.media.stats().browser_connections > 0 {
        assert!(Instant::now() < deadline, "it may stay");
        if browser.try_turn().is_err() {
            break;
        }
    }
    assert!(!browser.is_connected);
}

#[test]
fn who_reads_slowly_loses_old_voice_and_nothing_else() {
    let mut room = Room::new();
    let to = port(&mut room);
    let (mut alice, mut browser) = (Phone::new(1), Browser::over(Line::tcp(to)));
    let a = room.join(&alice, Channel::Left, Pcmu);
    let (b, _) = called_by(&room.session, &mut browser);
    room.session.bridge(a.id, b.id);
    talk(&mut room, &mut alice, &a, &mut browser);
    // The browser reads nothing, as on a network that stands still; the phone talks on.
    let mut said = 0u32;
    let deadline = Instant::now() + PATIENCE;
    while room.media.stats().browser_late < 100 {
        assert!(Instant::now() < deadline, "all of it is kept somewhere: {said} packets");
        said += 1;
        alice.say(a.local, Pcmu, &[(said % 200) as u8; 160]);
        if said.is_multiple_of(20) {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
    // It reads again: what waited, then what is new, and nobody had to connect anew.
    alice.say(a.local, Pcmu, &[0xee; 160]);
    browser.until("the newest comes", |browser| {
        browser.heard.last().is_some_and(|packet| packet.payload == [0xee; 160])
    });
    assert!(browser.heard.len() < said as usize - 99);
    browser.heard.clear();
    talk(&mut room, &mut alice, &a, &mut browser);
    assert_eq!(room.media.stats().browser_connections, 1);
}
