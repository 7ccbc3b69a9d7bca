//! How calls sounded.

use crm::{
    PageRequest,
    calls::{self, CallFilter, LegQuality, QualityCourse},
    words::{EndCause, LegRole, Quality},
};
use uuid::Uuid;

use crate::{
    calls::{begin, end, leg},
    support::{call, on_both, try_tx, tx},
};

fn heard(leg_id: Uuid, mos: Option<f64>, mos_at_remote: Option<f64>) -> LegQuality {
    LegQuality {
        leg_id,
        codec: Some("PCMU".to_owned()),
        packets_in: 450,
        packets_out: 500,
        lost: 50,
        lost_at_remote: 5,
        jitter_ms: 1.25,
        rtt_ms: Some(20.5),
        mos,
        mos_lowest: mos,
        mos_at_remote,
        course: QualityCourse { every_s: 10, mos: vec![Some(4.4), None, mos] },
        ..LegQuality::default()
    }
}

#[test]
fn the_worst_leg_is_the_calls_word_and_the_log_finds_it() {
    on_both(|db| async move {
        let mut all = Vec::new();
        for worst in [Some(4.4), Some(3.7), Some(2.1), None] {
            let id = begin(&db, call("n1", "+34600000001")).await;
            let customer = leg(&db, id, LegRole::Customer, None).await;
            let agent = leg(&db, id, LegRole::Agent, None).await;
            let legs = [heard(customer, worst.and(Some(4.4)), worst), heard(agent, worst, None)];
            let finish = end(id, 10, EndCause::Completed);
            let kept = legs.clone();
            tx!(db, |tx| async move {
                for leg in &legs {
                    calls::add_leg_quality(tx, leg).await?;
                }
                calls::finish(tx, &finish).await
            });
            let detail = calls::get(&db, id).await.expect("read");
            let figures: Vec<_> =
                detail.legs.iter().map(|leg| leg.quality.as_ref().expect("kept").figures.clone()).collect();
            assert_eq!(figures, kept);
            let customer = detail.legs[0].quality.as_ref().expect("kept");
            assert_eq!((customer.loss_pct, customer.loss_at_remote_pct), (10.0, 1.0));
            assert_eq!(customer.quality, worst.map(Quality::of_mos));
            all.push((id, detail.call.quality));
        }
        let words: Vec<_> = all.iter().map(|(_, word)| *word).collect();
        assert_eq!(words, [Some(Quality::Good), Some(Quality::Fair), Some(Quality::Poor), None]);
        let filter = CallFilter { quality: Some(Quality::Poor), ..CallFilter::default() };
        let found = calls::list(&db, &filter, &PageRequest::default()).await.expect("listed").items;
        assert_eq!(found.iter().map(|call| call.id).collect::<Vec<_>>(), [all[2].0]);
    });
}

#[test]
fn a_leg_is_judged_once_and_only_if_it_is_there() {
    on_both(|db| async move {
        let id = begin(&db, call("n1", "+34600000001")).await;
        let customer = heard(leg(&db, id, LegRole::Customer, None).await, Some(4.0), None);
        let again = customer.clone();
        tx!(db, |tx| calls::add_leg_quality(tx, &customer));
        assert!(try_tx!(db, |tx| calls::add_leg_quality(tx, &again)).is_err());
        let stranger = heard(Uuid::now_v7(), Some(4.0), None);
        assert!(try_tx!(db, |tx| calls::add_leg_quality(tx, &stranger)).is_err());
        let before = calls::get(&db, id).await.expect("read");
        assert_eq!(before.call.quality, None, "not before the end");
        assert!(before.legs[0].quality.is_some());
    });
}
