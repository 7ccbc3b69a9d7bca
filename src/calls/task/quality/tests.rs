use super::*;

fn stats(lately: Option<f32>, at_remote: Option<f32>) -> LegStats {
    LegStats {
        packets_in: 500,
        mos: Some(4.41),
        mos_lately: lately,
        mos_at_remote: at_remote,
        codec: Some(media::CodecKind::Pcmu),
        ..LegStats::default()
    }
}

/// A session of its own gives a leg's number.
fn leg() -> LegId {
    let media = media::Media::start(media::Config::on([127, 0, 0, 1].into())).expect("media");
    let (session, _events) = media.open().expect("a session");
    session.add_leg(media::Channel::Left).expect("a leg").id
}

#[test]
fn the_word_follows_the_worse_way_and_outlasts_silence() {
    let leg = leg();
    let mut hearing = Hearing::default();
    hearing.begin(leg, Uuid::nil());
    assert_eq!(hearing.word(leg), None);
    hearing.goes_on(leg, &stats(Some(4.4), Some(3.7)));
    assert_eq!(hearing.word(leg), Some(Quality::Fair));
    hearing.goes_on(leg, &stats(Some(2.0), Some(3.7)));
    assert_eq!(hearing.word(leg), Some(Quality::Poor));
    hearing.goes_on(leg, &stats(None, None));
    assert_eq!(hearing.word(leg), Some(Quality::Poor));
    assert!(hearing.is_waited_for());
    let kept = hearing.end(leg, &stats(None, None)).expect("it was heard");
    assert_eq!((kept.mos, kept.mos_lowest, kept.codec.as_deref()), (Some(4.41), Some(2.0), Some("PCMU")));
    assert_eq!(kept.course.mos, [Some(2.0), None]);
    assert!(!hearing.is_waited_for());
    assert!(hearing.end(leg, &stats(None, None)).is_none(), "once");
}

#[test]
fn a_leg_without_sound_leaves_nothing() {
    let leg = leg();
    let mut hearing = Hearing::default();
    hearing.begin(leg, Uuid::nil());
    assert!(hearing.end(leg, &LegStats::default()).is_none());
    assert!(!hearing.is_waited_for());
}
