//! Session descriptions: what phones send, what we answer, and what nobody should send.

use std::net::SocketAddr;

use media::CodecKind::{Pcma, Pcmu};
use media::sdp::{self, LocalSdp, SdpError};
use media::{Codec, CodecKind, Direction};
use rand::{RngExt as _, SeedableRng as _};

const DESK_PHONE: &str = "v=0\r\no=- 20518 0 IN IP4 203.0.113.1\r\ns= \r\nt=0 0\r\n\
    c=IN IP4 203.0.113.1\r\nm=audio 54400 RTP/AVP 9 8 0 101\r\na=rtpmap:9 G722/8000\r\n\
    a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n\
    a=fmtp:101 0-15\r\na=ptime:30\r\na=sendrecv\r\n";

fn local() -> SocketAddr {
    "198.51.100.7:16384".parse().expect("an address")
}

fn parse(body: &str) -> sdp::Description {
    sdp::parse(body.as_bytes()).expect("a description")
}

fn text(body: &[u8]) -> &str {
    std::str::from_utf8(body).expect("text")
}

/// One audio line with these attributes.
fn audio(formats: &str, attributes: &str) -> String {
    format!(
        "v=0\r\no=- 1 1 IN IP4 203.0.113.1\r\ns=-\r\nc=IN IP4 203.0.113.1\r\nt=0 0\r\n\
         m=audio 4000 RTP/AVP {formats}\r\n{attributes}"
    )
}

#[test]
fn our_offer_reads_as_it_should() {
    let body = sdp::LocalSdp::with_session_id(local(), 77).offer(&[], Direction::SendRecv);
    assert_eq!(
        text(&body),
        "v=0\r\no=- 77 77 IN IP4 198.51.100.7\r\ns=-\r\nc=IN IP4 198.51.100.7\r\nt=0 0\r\n\
         m=audio 16384 RTP/AVP 0 8 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n\
         a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=ptime:20\r\na=sendrecv\r\n"
    );
}

#[test]
fn a_desk_phone_is_answered() {
    let offer = parse(DESK_PHONE);
    let (body, remote) = sdp::answer(&offer, local(), None, Direction::SendRecv).expect("in common");
    assert_eq!(remote.codec, Codec::well_known(CodecKind::G722), "its own preference");
    assert_eq!(remote.addr, "203.0.113.1:54400".parse().expect("an address"));
    assert_eq!(remote.rtcp.port(), 54_401);
    assert_eq!(remote.telephone_event, Some(101));
    assert_eq!(remote.ptime_ms, 30);
    assert_eq!(remote.direction, Direction::SendRecv);
    assert!(text(&body).contains("m=audio 16384 RTP/AVP 9 101\r\n"));
    assert!(!text(&body).contains("PCMA"));
    let (_, remote) = sdp::answer(&offer, local(), Some(Pcmu), Direction::SendRecv).expect("in common");
    assert_eq!(remote.codec.kind, Pcmu, "ours, because it was offered");
}

#[test]
fn offer_and_answer_meet() {
    for (kinds, direction) in [
        (vec![Pcmu], Direction::SendRecv),
        (vec![Pcma, Pcmu], Direction::SendOnly),
        (vec![Pcma], Direction::Inactive),
    ] {
        let there: SocketAddr = "[2001:db8::1]:30000".parse().expect("an address");
        let offer = sdp::parse(&sdp::offer(local(), &kinds, direction)).expect("ours");
        let (answer, callee_sees) = sdp::answer(&offer, there, None, Direction::SendRecv).expect("in common");
        let caller_sees = sdp::accept(&sdp::parse(&answer).expect("ours")).expect("ours");
        assert_eq!(callee_sees.addr, local());
        assert_eq!(caller_sees.addr, there);
        assert_eq!(caller_sees.codec, callee_sees.codec);
        assert_eq!(caller_sees.direction, direction);
        assert_eq!(callee_sees.direction, direction.mirrored());
    }
}

#[test]
fn holds_are_mirrored() {
    use Direction::{Inactive, RecvOnly, SendOnly, SendRecv};
    // Offered, allowed by us, answered.
    for (offered, allowed, answered) in [
        ("a=sendonly\r\n", SendRecv, RecvOnly),
        ("a=recvonly\r\n", SendRecv, SendOnly),
        ("a=inactive\r\n", SendRecv, Inactive),
        ("a=sendrecv\r\n", SendRecv, SendRecv),
        ("", SendRecv, SendRecv),
        ("", SendOnly, SendOnly),
        ("a=sendonly\r\n", SendOnly, Inactive),
        ("a=recvonly\r\n", RecvOnly, Inactive),
        ("c=IN IP4 0.0.0.0\r\n", SendRecv, RecvOnly),
        ("c=IN IP4 0.0.0.0\r\na=inactive\r\n", SendRecv, Inactive),
        ("c=IN IP6 ::\r\na=recvonly\r\n", SendRecv, Inactive),
    ] {
        let offer = parse(&audio("0", offered));
        let (body, remote) = sdp::answer(&offer, local(), None, allowed).expect("in common");
        assert_eq!(remote.direction, answered, "{offered:?}");
        let line = format!("a={}\r\n", answered.attribute());
        assert!(text(&body).ends_with(&line), "{offered:?}");
        assert_eq!(offer.is_hold(), !offer.direction().receives());
    }
}

#[test]
fn a_direction_for_the_whole_session_counts() {
    let body = DESK_PHONE.replace("a=sendrecv\r\n", "").replace("m=audio", "a=sendonly\r\nm=audio");
    assert_eq!(parse(&body).direction(), Direction::SendOnly);
}

#[test]
fn every_line_is_answered_in_its_place() {
    let body = "v=0\r\no=- 1 1 IN IP4 203.0.113.1\r\ns=-\r\nc=IN IP4 203.0.113.1\r\nt=0 0\r\n\
        m=video 5000 RTP/AVP 96 97\r\na=rtpmap:96 VP8/90000\r\n\
        m=audio 5002 RTP/SAVP 0\r\n\
        m=audio 0 RTP/AVP 0\r\n\
        m=audio 5004 RTP/AVP 8\r\n\
        m=application 5006 UDP/DTLS/SCTP webrtc-datachannel\r\n";
    let mut ours = LocalSdp::with_session_id(local(), 1);
    let (answer, remote) = ours.answer(&parse(body), None, Direction::SendRecv).expect("the last audio");
    assert_eq!(remote.addr.port(), 5_004);
    let lines = |body: &[u8]| -> Vec<String> {
        text(body).lines().filter(|line| line.starts_with("m=")).map(str::to_owned).collect()
    };
    assert_eq!(
        lines(&answer),
        [
            "m=video 0 RTP/AVP 96",
            "m=audio 0 RTP/SAVP 0",
            "m=audio 0 RTP/AVP 0",
            "m=audio 16384 RTP/AVP 8",
            "m=application 0 UDP/DTLS/SCTP webrtc-datachannel",
        ]
    );
    // A later offer of ours keeps their places (RFC 3264 section 8).
    let again = ours.offer(&[Pcma], Direction::SendOnly);
    assert_eq!(lines(&again).len(), 5);
    assert_eq!(lines(&again)[3], "m=audio 16384 RTP/AVP 8 101");
}

#[test]
fn the_version_rises_only_with_a_change() {
    let mut ours = LocalSdp::with_session_id(local(), 500);
    let origin = |body: &[u8]| text(body).lines().nth(1).expect("an origin").to_owned();
    let first = ours.offer(&[Pcmu], Direction::SendRecv);
    let same = ours.offer(&[Pcmu], Direction::SendRecv);
    let held = ours.offer(&[Pcmu], Direction::SendOnly);
    let back = ours.offer(&[Pcmu], Direction::SendRecv);
    assert_eq!(first, same);
    assert_eq!(origin(&first), "o=- 500 500 IN IP4 198.51.100.7");
    assert_eq!(origin(&held), "o=- 500 501 IN IP4 198.51.100.7");
    assert_eq!(origin(&back), "o=- 500 502 IN IP4 198.51.100.7");
}

#[test]
fn payload_types_keep_their_meaning() {
    let offer = parse(&audio("100 98", "a=rtpmap:100 PCMA/8000\r\na=rtpmap:98 telephone-event/8000\r\n"));
    let mut ours = LocalSdp::new(local());
    let (answer, remote) = ours.answer(&offer, Some(Pcma), Direction::SendRecv).expect("in common");
    assert_eq!((remote.codec.kind, remote.codec.payload_type), (Pcma, 100));
    assert_eq!(remote.telephone_event, Some(98));
    assert!(text(&answer).contains("m=audio 16384 RTP/AVP 100 98\r\na=rtpmap:100 PCMA/8000\r\n"));
    let again = ours.offer(&[Pcma], Direction::SendRecv);
    assert!(text(&again).contains("RTP/AVP 100 98\r\n"));
}

#[test]
fn a_remapped_static_type_is_not_what_it_was() {
    let offer = sdp::parse(audio("0", "a=rtpmap:0 L16/44100\r\n").as_bytes());
    assert_eq!(offer, Err(SdpError::NoCommonCodec));
    let wideband = sdp::parse(audio("8 101", "a=rtpmap:101 telephone-event/48000\r\n").as_bytes());
    let (_, remote) =
        sdp::answer(&wideband.expect("PCMA"), local(), None, Direction::SendRecv).expect("in common");
    assert_eq!(remote.telephone_event, None, "not on our clock");
}

#[test]
fn rtcp_goes_where_it_was_asked_for() {
    let port_of = |attributes: &str| {
        let offer = parse(&audio("0", attributes));
        let (_, remote) = sdp::answer(&offer, local(), None, Direction::SendRecv).expect("in common");
        remote.rtcp.to_string()
    };
    assert_eq!(port_of(""), "203.0.113.1:4001");
    assert_eq!(port_of("a=rtcp:53020\r\n"), "203.0.113.1:53020");
    assert_eq!(port_of("a=rtcp:53020 IN IP4 203.0.113.1\r\n"), "203.0.113.1:53020");
    // Another host would make us a reflector.
    assert_eq!(port_of("a=rtcp:53 IN IP4 192.0.2.66\r\n"), "203.0.113.1:4001");
}

#[test]
fn what_cannot_be_used_is_refused_with_its_reason() {
    let session = "v=0\r\no=- 1 1 IN IP4 203.0.113.1\r\ns=-\r\nt=0 0\r\n";
    for (body, reason) in [
        (String::new(), None),
        ("hello".to_owned(), None),
        (session.to_owned(), Some(SdpError::NoAudio)),
        (audio("0", "").replace("audio 4000", "audio 0"), Some(SdpError::NoAudio)),
        (audio("0", "").replace("RTP/AVP", "RTP/SAVPF"), Some(SdpError::NoAudio)),
        (audio("3 4 15", ""), Some(SdpError::NoCommonCodec)),
        (format!("{session}m=audio 4000 RTP/AVP 0\r\n"), Some(SdpError::BadAddress)),
        (audio("0", "c=IN IP4 phone.example\r\n"), Some(SdpError::BadAddress)),
        (audio("0", "c=IN IP4 239.1.2.3/127\r\n"), Some(SdpError::BadAddress)),
        (audio("0 x", ""), None),
        (audio("0 200", ""), None),
    ] {
        let refused = sdp::parse(body.as_bytes()).expect_err("refused");
        match reason {
            Some(reason) => assert_eq!(refused, reason, "{body:?}"),
            None => assert!(matches!(refused, SdpError::Syntax(_)), "{body:?}: {refused}"),
        }
    }
}

#[test]
fn size_is_bounded() {
    let refused = |body: String| sdp::parse(body.as_bytes()).expect_err("refused");
    assert!(matches!(refused(audio("0", &"a=x\r\n".repeat(4_000))), SdpError::TooLong { .. }));
    assert!(matches!(refused(audio("0", &"a=x\r\n".repeat(300))), SdpError::TooMany { limit: 256, .. }));
    assert!(matches!(
        refused(audio("0", &"m=video 1 RTP/AVP 0\r\n".repeat(16))),
        SdpError::TooMany { limit: 16, .. }
    ));
    assert!(matches!(refused(audio(&"0 ".repeat(200), "")), SdpError::TooMany { limit: 128, .. }));
    assert!(matches!(sdp::parse(&[b'a'; 70_000]), Err(SdpError::TooLong { .. })));
}

/// Bytes flipped, cut, doubled: never a panic, and what is accepted is sound.
#[test]
fn mutations_are_survived() {
    let mut random = rand::rngs::StdRng::seed_from_u64(4_566);
    let mut accepted = 0;
    for _ in 0..30_000 {
        let mut body = DESK_PHONE.as_bytes().to_vec();
        for _ in 0..random.random_range(1..6) {
            let at = random.random_range(0..body.len());
            match random.random_range(0..4) {
                0 => body[at] = random.random(),
                1 => body.truncate(at.max(1)),
                2 => {
                    let piece = body[at..].to_vec();
                    body.extend(piece);
                }
                _ => {
                    body.remove(at);
                    if body.is_empty() {
                        body.push(b'v');
                    }
                }
            }
        }
        let Ok(offer) = sdp::parse(&body) else {
            continue;
        };
        accepted += 1;
        let Ok((answer, remote)) = sdp::answer(&offer, local(), None, Direction::SendRecv) else {
            assert!(offer.codecs().iter().all(|codec| codec.kind == CodecKind::G729));
            continue;
        };
        assert!(remote.codec.payload_type < 128);
        assert!(!remote.addr.ip().is_multicast());
        assert!(offer.codecs().contains(&remote.codec));
        // Whatever it was, what we say of it can be read.
        sdp::parse(&answer).expect("our own words");
    }
    assert!(accepted > 1_000, "{accepted}: the mutations miss the parser's insides");
}

/// What Chromium offers, shortened to its formats.
const BROWSER_FORMATS: &str = "v=0\r\no=- 1 2 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n\
    m=audio 4000 RTP/AVP 111 63 9 0 8 13 110 126\r\n\
    a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1; maxaveragebitrate=20000\r\n\
    a=rtpmap:63 red/48000/2\r\na=rtpmap:9 G722/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\n\
    a=rtpmap:13 CN/8000\r\na=rtpmap:110 telephone-event/48000\r\na=rtpmap:126 telephone-event/8000\r\n";

#[test]
fn a_browsers_codecs_are_read_and_each_is_answered_in_its_own_terms() {
    let offer = sdp::parse(BROWSER_FORMATS.as_bytes()).expect("an offer");
    let kinds: Vec<CodecKind> = offer.codecs().iter().map(|codec| codec.kind).collect();
    assert_eq!(kinds, [CodecKind::Opus, CodecKind::G722, CodecKind::Pcmu, CodecKind::Pcma]);
    let local = "192.0.2.1:5000".parse().expect("an address");
    let answer = |prefer| {
        let (body, remote) = sdp::answer(&offer, local, prefer, Direction::SendRecv).expect("in common");
        (String::from_utf8(body.to_vec()).expect("text"), remote)
    };
    let (body, remote) = answer(None);
    assert_eq!((remote.codec.kind, remote.codec.payload_type), (CodecKind::Opus, 111));
    assert_eq!((remote.telephone_event, remote.event_clock_hz), (Some(110), 48_000));
    assert_eq!((remote.opus.repair, remote.opus.bitrate_limit), (true, 20_000));
    assert_eq!(remote.comfort_noise, None);
    assert!(body.contains("m=audio 5000 RTP/AVP 111 110\r\n"), "{body}");
    assert!(
        body.contains("a=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10;useinbandfec=1\r\n"),
        "{body}"
    );
    assert!(body.contains("a=rtpmap:110 telephone-event/48000\r\n"), "{body}");
    let (body, remote) = answer(Some(CodecKind::Pcma));
    assert_eq!((remote.telephone_event, remote.event_clock_hz), (Some(126), 8_000));
    assert_eq!(remote.comfort_noise, Some(13));
    assert!(body.contains("m=audio 5000 RTP/AVP 8 13 126\r\n"), "{body}");
    let (_, remote) = answer(Some(CodecKind::G722));
    assert_eq!((remote.codec.payload_type, remote.comfort_noise), (9, None));
}

#[test]
fn an_offer_of_every_codec_is_read_back() {
    let local = "192.0.2.1:5000".parse().expect("an address");
    let body = sdp::offer(local, &CodecKind::ALL, Direction::SendRecv);
    let text = String::from_utf8(body.to_vec()).expect("text");
    assert!(text.contains("m=audio 5000 RTP/AVP 0 8 9 111 18 101 110\r\n"), "{text}");
    let offer = sdp::parse(&body).expect("our own words");
    let kinds: Vec<CodecKind> = offer.codecs().iter().map(|codec| codec.kind).collect();
    assert_eq!(kinds, CodecKind::ALL);
}

#[test]
fn g729_is_agreed_only_where_it_is_wanted() {
    let local = "192.0.2.1:5000".parse().expect("an address");
    let offer = sdp::parse(&sdp::offer(local, &[CodecKind::G729, CodecKind::Pcma], Direction::SendRecv));
    let offer = offer.expect("our own words");
    let mut ours = sdp::LocalSdp::new(local);
    let mut kind = |prefer: &[CodecKind]| {
        let answered = ours.answer_preferring(&offer, prefer, Direction::SendRecv);
        answered.map(|(_, remote)| remote.codec.kind)
    };
    assert_eq!(kind(&[]), Ok(CodecKind::Pcma));
    assert_eq!(kind(&[CodecKind::Opus, CodecKind::G729]), Ok(CodecKind::G729));
    let only =
        sdp::parse(&sdp::offer(local, &[CodecKind::G729], Direction::SendRecv)).expect("our own words");
    assert!(sdp::answer(&only, local, None, Direction::SendRecv).is_err());
}

#[test]
fn odd_wishes_for_opus_are_left_out() {
    for (parameters, repair, limit) in [
        ("useinbandfec=0", false, u32::MAX),
        ("maxaveragebitrate=5", false, u32::MAX),
        ("maxaveragebitrate=99999999999; useinbandfec=1", true, u32::MAX),
        (";;;=;x=y=z;useinbandfec", false, u32::MAX),
        ("maxaveragebitrate=510000", false, 510_000),
    ] {
        let body = BROWSER_FORMATS.replace("minptime=10;useinbandfec=1; maxaveragebitrate=20000", parameters);
        let remote = sdp::accept(&sdp::parse(body.as_bytes()).expect("an offer")).expect("in common");
        assert_eq!((remote.opus.repair, remote.opus.bitrate_limit), (repair, limit), "{parameters}");
    }
}

/// RFC 3264 section 5.1: each end is sent to under the numbers of its own description.
#[test]
fn an_answer_with_numbers_of_its_own_leaves_ours_as_they_were() {
    let mut ours = LocalSdp::new("192.0.2.1:20000".parse().expect("an address"));
    let _offer = ours.offer(&[CodecKind::Pcmu, CodecKind::Opus], Direction::SendRecv);
    let answer = "v=0\r\no=- 1 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\n\
        m=audio 30000 RTP/AVP 97 98\r\na=rtpmap:97 opus/48000/2\r\na=rtpmap:98 telephone-event/48000\r\n";
    let answer = sdp::parse(answer.as_bytes()).expect("an answer");
    let remote = ours.accept(&answer).expect("common codecs");
    assert_eq!((remote.codec.payload_type, remote.telephone_event), (97, Some(98)), "what we send");
    assert_eq!(remote.voice_in, 111, "what comes");
    assert!(remote.event_in.is_some_and(|number| number != 98), "{:?}", remote.event_in);
}
