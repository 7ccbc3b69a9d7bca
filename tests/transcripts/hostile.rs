//! What a hostile or broken sender gets: a clear refusal or nothing at all, and the next good call works.

use std::io::{Read, Write};
use std::net::{TcpStream, UdpSocket};
use std::time::Duration;

use end_to_end::records::{everything_is_accounted_for, finished_call};
use end_to_end::sipp::Scenario;
use end_to_end::{AgentDesk, Api, Hub, SUPPORT, SUPPORT_NUMBER};
use serde_json::json;

/// The proof at the end of every test here.
fn the_next_good_call_works(hub: &Hub) {
    let supervisor = hub.api("supervisor");
    let agent = AgentDesk::first_of(hub, SUPPORT);
    agent.plug_in(hub);
    agent.ready();
    let mut phone = agent.phone(hub, "agent_hangs_up").talks_ms(500).start(&hub.sip());
    let folder = hub.phone_folder("good-customer");
    let mut customer = Scenario::new("caller_hung_up_on", folder)
        .caller("+34600333999")
        .service(SUPPORT_NUMBER)
        .start(&hub.sip());
    phone.succeed();
    customer.succeed();
    let call = finished_call(&supervisor, "+34600333999");
    assert_eq!(call["end_cause"], "completed", "{call}");
    everything_is_accounted_for(&supervisor);
}

/// Sends one datagram; what came back within a moment, if anything.
fn datagram(hub: &Hub, bytes: &[u8]) -> Option<String> {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    socket.set_read_timeout(Some(Duration::from_millis(500))).expect("a timeout can be set");
    socket.send_to(bytes, hub.sip()).expect("loopback takes a datagram");
    let mut answer = vec![0; 65_535];
    let length = socket.recv(&mut answer).ok()?;
    Some(String::from_utf8_lossy(&answer[..length]).into_owned())
}

/// An OPTIONS with further header lines.
fn options(further: &str) -> String {
    format!(
        "OPTIONS sip:127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;rport;branch=z9hG4bKhostile\r\n\
         From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:b@127.0.0.1>\r\nCall-ID: hostile\r\nCSeq: 1 OPTIONS\r\n\
         Max-Forwards: 70\r\n{further}Content-Length: 0\r\n\r\n"
    )
}

/// Numbers that look random and are the same each run (splitmix64).
struct Noise(u64);

impl Noise {
    fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[test]
fn a_wrong_secret_is_refused_and_the_phone_stays_unreachable() {
    let hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    agent.register(&hub, "not the secret", "register_refused");
    let mine = agent.api.get("/agent");
    let phones = mine["phones"].as_array().expect("phones are a list");
    let desk = phones.iter().find(|phone| phone["kind"] == "desk").expect("a desk phone");
    assert_eq!(desk["reachable"], false, "{desk}");
    the_next_good_call_works(&hub);
}

#[test]
fn an_unknown_user_hears_the_same_as_a_wrong_secret() {
    let hub = Hub::start();
    let folder = hub.phone_folder("nobody");
    Scenario::new("register_refused", folder)
        .service("nobody-of-ours")
        .secret("nobody-of-ours", "guess")
        .run(&hub.sip());
    the_next_good_call_works(&hub);
}

#[test]
fn who_claims_to_be_one_of_our_users_is_challenged() {
    let hub = Hub::start();
    let agent = AgentDesk::first_of(&hub, SUPPORT);
    Scenario::new("caller_refused", hub.phone_folder("impostor"))
        .caller(&agent.username)
        .service(SUPPORT_NUMBER)
        .expecting(401)
        .run(&hub.sip());
    the_next_good_call_works(&hub);
}

#[test]
fn a_number_that_leads_nowhere_is_not_found_and_the_outside_is_out_of_reach() {
    let hub = Hub::start();
    for (index, number) in ["+34910999999", "+12125550100", "900"].into_iter().enumerate() {
        Scenario::new("caller_refused", hub.phone_folder(&format!("stray-{index}")))
            .caller("+34600333001")
            .service(number)
            .expecting(404)
            .run(&hub.sip());
    }
    the_next_good_call_works(&hub);
}

#[test]
fn malformed_datagrams_are_refused_or_dropped() {
    let hub = Hub::start();
    assert!(datagram(&hub, options("").as_bytes()).is_some_and(|answer| answer.starts_with("SIP/2.0 200")));
    let no_call_id = options("").replace("Call-ID: hostile\r\n", "");
    if let Some(answer) = datagram(&hub, no_call_id.as_bytes()) {
        assert!(answer.starts_with("SIP/2.0 400"), "{answer}");
    }
    let broken: [&[u8]; 12] = [
        b"",
        b"\r\n\r\n",
        b"\0\0\0\0",
        b"INVITE",
        b"INVITE sip:x SIP/2.0\r\n\r\n",
        b"SIP/2.0 200 OK\r\n\r\n",
        b"SIP/2.0 999999999999999999999 X\r\nVia: x\r\n\r\n",
        b"OPTIONS sip:x SIP/2.0\r\nVia: SIP/2.0/UDP\r\nContent-Length: -5\r\n\r\n",
        b"OPTIONS sip:x SIP/2.0\r\nContent-Length: 99999999999999999999\r\n\r\nabc",
        b"INVITE sip:%00%ff@ SIP/2.0\r\nVia: SIP/2.0/UDP [::;branch=\r\nCSeq: x y z\r\n\r\n",
        b"\xff\xfe\xfd SIP/2.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ];
    for bytes in broken {
        if let Some(answer) = datagram(&hub, bytes) {
            assert!(answer.starts_with("SIP/2.0 4") || answer.starts_with("SIP/2.0 5"), "{answer}");
        }
    }
    // Every prefix of a good request, and every byte of it turned over.
    let good = options("").into_bytes();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    for length in 0..good.len() {
        socket.send_to(&good[..length], hub.sip()).expect("loopback takes a datagram");
        let mut turned = good.clone();
        turned[length] ^= 0xff;
        socket.send_to(&turned, hub.sip()).expect("loopback takes a datagram");
    }
    the_next_good_call_works(&hub);
}

#[test]
fn sixty_four_kilobytes_of_noise_are_dropped() {
    let hub = Hub::start();
    let mut noise = Noise(0x5eed);
    // The largest that UDP over IPv4 carries, as it is and behind a good beginning.
    for _ in 0..20 {
        assert_eq!(datagram(&hub, &noise.bytes(65_507)), None);
        let mut behind =
            b"INVITE sip:x@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKn\r\n".to_vec();
        behind.extend(noise.bytes(65_000));
        if let Some(answer) = datagram(&hub, &behind) {
            assert!(answer.starts_with("SIP/2.0 4") || answer.starts_with("SIP/2.0 5"), "{answer}");
        }
    }
    // The same over TCP: the connection is closed, not fed for ever.
    let mut stream = TcpStream::connect(hub.sip_tcp()).expect("the hub listens");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout can be set");
    let bytes = noise.bytes(65_536);
    for _ in 0..64 {
        if stream.write_all(&bytes).is_err() {
            break; // closed already
        }
    }
    let mut answer = Vec::new();
    // Reset or closed: either way it ends, and does not wait for more.
    match stream.read_to_end(&mut answer) {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
    the_next_good_call_works(&hub);
}

#[test]
fn oversized_headers_are_refused() {
    let hub = Hub::start();
    let long = format!("Subject: {}\r\n", "x".repeat(40_000));
    let many = "X-Many: 1\r\n".repeat(4_000);
    for further in [long, many] {
        if let Some(answer) = datagram(&hub, options(&further).as_bytes()) {
            assert!(answer.starts_with("SIP/2.0 4") || answer.starts_with("SIP/2.0 5"), "{answer}");
            assert!(answer.len() < 4_096, "the answer carries the attack back: {} bytes", answer.len());
        }
    }
    the_next_good_call_works(&hub);
}

#[test]
fn the_api_refuses_strangers_forgers_and_the_unentitled() {
    let hub = Hub::start();
    let stranger = Api::stranger(&hub.http());
    for path in ["/calls", "/contacts", "/users", "/audit", "/agent", "/queues"] {
        let answer = stranger.ask("GET", path, None);
        assert_eq!(answer.status, 401, "{path}");
        assert_eq!(answer.body["code"], "not_signed_in", "{path}");
    }
    let agent = hub.api("agent");
    for path in ["/users", "/audit"] {
        assert_eq!(agent.ask("GET", path, None).status, 403, "{path}");
    }
    // A request of another site, which carries the cookie but not the token.
    let mut forger = Api::stranger(&hub.http());
    forger.cookie.clone_from(&agent.cookie);
    let answer = forger.ask("POST", "/contacts", Some(&json!({"first_name": "A", "last_name": "B"})));
    assert_eq!(answer.status, 403, "{}", answer.body);
    assert_eq!(answer.body["code"], "csrf", "{}", answer.body);
    let large = json!({"first_name": "x".repeat(2_000_000), "last_name": "B"});
    // Refused unread: the answer may overtake the body, and the connection is closed.
    if let Ok(answer) = agent.try_ask("POST", "/contacts", Some(&large)) {
        assert_eq!(answer.status, 413, "{}", answer.body);
    }
    assert_eq!(stranger.ask("GET", "/healthz", None).status, 200);
}

#[test]
fn guessing_passwords_is_slowed_down() {
    let hub = Hub::start();
    let email = hub.ready()["logins"][0]["email"].clone();
    let stranger = Api::stranger(&hub.http());
    let guess = json!({"email": email, "password": "guess"});
    let statuses: Vec<u16> = (0..30).map(|_| stranger.ask("POST", "/session", Some(&guess)).status).collect();
    assert_eq!(statuses[0], 401);
    assert!(statuses.contains(&429), "thirty guesses and no pause: {statuses:?}");
}

#[test]
fn no_secret_and_no_whole_number_is_in_the_log() {
    let hub = Hub::start();
    the_next_good_call_works(&hub);
    let log = hub.log_text();
    let mut secrets = vec!["+34600333999".to_owned(), "600333999".to_owned()];
    let devices = hub.ready()["devices"].as_array().expect("ready.json lists devices");
    secrets.extend(devices.iter().filter_map(|device| device["password"].as_str().map(str::to_owned)));
    // The banner shows the demo's logins; everything below it is the log.
    for secret in secrets {
        assert!(!log.contains(&secret), "the log holds {secret}");
    }
}
