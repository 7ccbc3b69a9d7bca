use super::*;

const SECRET: &str = "s3cr3t";

fn clean(message: &str) -> String {
    let kept = redact(message.as_bytes(), false);
    assert!(!kept.contains(SECRET), "{kept}");
    kept
}

#[test]
fn what_is_no_secret_stays_as_it_came() {
    let plain = "INVITE sip:bob@192.0.2.1:5060;transport=udp SIP/2.0\r\nVia: SIP/2.0/UDP [2001:db8::1]:5060;branch=z9\r\n\
        From: \"Carla: 1\" <sip:carla@example.com>;tag=1\r\nRefer-To: <sip:a@b?Replaces=c%40d>\r\n\
        Content-Type: application/sdp\r\nContent-Length: 64\r\n\r\n\
        v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\na=fingerprint:sha-256 AB:CD\r\na=ice-ufrag:x\r\n";
    assert_eq!(redact(plain.as_bytes(), false), plain);
    assert_eq!(redact(plain.as_bytes(), true), plain, "a description holds no digits");
}

#[test]
fn credentials_and_challenges_go_however_they_are_written() {
    let head = "REGISTER sip:a SIP/2.0\r\n";
    for header in [
        "Authorization: Digest response=\"s3cr3t\"",
        "authorization : Digest response=\"s3cr3t\"",
        "PROXY-AUTHORIZATION:\tDigest\r\n username=\"a\",\r\n\tresponse=\"s3cr3t\"",
        "WWW-Authenticate: Digest realm=\"a\", nonce=\"s3cr3t\"",
        "Proxy-Authenticate: Digest nonce=\"s3cr3t\"",
        "Authentication-Info: rspauth=\"s3cr3t\"",
        "X-Login: Basic s3cr3t",
        "X-Login: bearer s3cr3t",
        "Authorization: Digest a=\"b\",\r\nresponse=\"s3cr3t\", cnonce=\"s3cr3t\", uri=\"x\"",
        "X-Login: username=x,response=s3cr3t,nonce=\"s3cr3t",
        "Contact: <sip:bob:s3cr3t@192.0.2.1>",
        "Contact: sips:bob:s3cr3t;x=1@192.0.2.1",
        "Refer-To: <sip:a@b?Subject=x&Proxy-Authorization=Digest%20s3cr3t&a=b>",
    ] {
        let kept = clean(&format!("{head}{header}\r\nCSeq: 1 REGISTER\r\n\r\n"));
        assert!(kept.starts_with(head) && kept.ends_with("\r\nCSeq: 1 REGISTER\r\n\r\n"), "{kept}");
    }
    let line = clean("OPTIONS sip:bob:s3cr3t@a SIP/2.0\r\n\r\n");
    assert_eq!(line, "OPTIONS sip:bob:xxxxxx@a SIP/2.0\r\n\r\n");
}

#[test]
fn other_ends_of_lines_are_no_way_around_it() {
    for end in ["\r\n", "\n", "\r"] {
        let message =
            format!("A sip:a SIP/2.0{end}Authorization: x{end} s3cr3t{end}{end}a=ice-pwd:s3cr3t{end}");
        clean(&message);
        clean(message.trim_end());
    }
    // Without a first line, without an end, with an empty line in front.
    clean("Authorization: Digest s3cr3t");
    clean("\r\nAuthorization: Digest s3cr3t\r\n\r\n");
    clean("Digest s3cr3t");
}

#[test]
fn keys_of_media_go_and_the_length_stays() {
    let head = "INVITE sip:a SIP/2.0\r\nContent-Type: application/sdp\r\n\r\n";
    let body = "v=0\r\nk=clear:s3cr3t\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:s3cr3t|2^20;inline:s3cr3t\r\n\
        A=CRYPTO:s3cr3t\r\n a=crypto:2 s3cr3t\r\na=key-mgmt:mikey s3cr3t\r\na=ice-pwd:s3cr3t\r\na=rtpmap:0 PCMU/8000\r\n";
    let kept = clean(&format!("{head}{body}"));
    assert_eq!(kept.len(), head.len() + body.len());
    assert!(kept.contains("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:xxx"), "{kept}");
    assert!(kept.ends_with("\r\na=rtpmap:0 PCMU/8000\r\n"), "{kept}");
}

#[test]
fn messages_inside_messages_are_searched() {
    let inner = "INVITE sip:a SIP/2.0\r\nAuthorization: Digest s3cr3t\r\n\r\na=crypto:1 S inline:s3cr3t\r\n";
    clean(&format!("NOTIFY sip:a SIP/2.0\r\nContent-Type: message/sipfrag\r\n\r\n{inner}"));
    clean(&format!("INFO sip:a SIP/2.0\r\n\r\n--b\r\nContent-Type: message/sip\r\n\r\n{inner}\r\n--b--"));
}

#[test]
fn a_body_that_cannot_be_read_is_not_kept() {
    let kept = clean("INVITE sip:a SIP/2.0\r\nContent-Encoding: gzip\r\n\r\ns3cr3t\r\nmore");
    assert!(kept.ends_with("\r\n\r\nxxxxxx\r\nxxxx"), "{kept}");
    clean("INVITE sip:a SIP/2.0\r\ne: deflate\r\n\r\ns3cr3t");
    clean("INFO sip:a SIP/2.0\r\n\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\ns3cr3t\r\n--b--");
    let mut broken = b"INVITE sip:a SIP/2.0\r\n\r\ns3cr3t".to_vec();
    broken.push(0xff);
    assert!(!redact(&broken, false).contains(SECRET));
}

#[test]
fn keyed_digits_go_while_they_are_masked() {
    let info =
        "INFO sip:a SIP/2.0\r\nContent-Type: application/dtmf-relay\r\n\r\nSignal=7\r\nDuration=160\r\n";
    assert!(redact(info.as_bytes(), false).contains("Signal=7"));
    let kept = redact(info.as_bytes(), true);
    assert!(kept.ends_with("\r\n\r\nxxxxxxxx\r\nxxxxxxxxxxxx\r\n"), "{kept}");
    assert_eq!(redact(b"INFO sip:a SIP/2.0\r\n\r\n7", true), "INFO sip:a SIP/2.0\r\n\r\nx");
}

#[test]
fn nothing_breaks_it() {
    let parts: [&[u8]; 14] = [
        b"\r",
        b"\n",
        b"\r\n\r\n",
        b":",
        b"sip:",
        b"sips:@",
        b"a=crypto:",
        b"k=",
        b" ",
        b"Authorization",
        b"\xff",
        "\u{e9}".as_bytes(),
        b"authorization=",
        b"Digest ",
    ];
    for seed in 0..20_000_usize {
        let mut rest = seed.wrapping_mul(2_654_435_761);
        let mut message = Vec::new();
        for _ in 0..8 {
            message.extend_from_slice(parts[rest % parts.len()]);
            rest /= parts.len();
        }
        for masked in [false, true] {
            let _ = redact(&message, masked);
        }
    }
}
