//! The calls log and the counts of a day.

use crm::{
    PageRequest,
    calls::{self, CallFilter, NewCall},
    queues::{self, NewQueue},
    words::{CallState, EndCause, Role},
};
use uuid::Uuid;

use crate::{
    calls::{begin, end},
    customers::contact,
    support::{at, call, on_both, tx, user},
};

#[test]
fn the_log_is_filtered_and_paged() {
    on_both(|db| async move {
        let ana = user(&db, "Ana", Role::Agent).await.id;
        let carla = contact(&db, "Carla", "Ruiz", &[]).await.summary.id;
        let mut all = Vec::new();
        for n in 0..9_i64 {
            let contact_id = (n == 4).then_some(carla);
            let new = NewCall { started_at: at(n), contact_id, ..call("n1", &format!("+3460000000{n}")) };
            all.push(begin(&db, new).await);
        }
        let (second, third) = (all[2], all[3]);
        tx!(db, |tx| calls::answered(tx, second, Some(ana), at(20)));
        let finish = end(third, 20, EndCause::Abandoned);
        tx!(db, |tx| calls::finish(tx, &finish));
        let ids = async |filter: &CallFilter| -> Vec<Uuid> {
            let page = calls::list(&db, filter, &PageRequest::default()).await.expect("listed");
            page.items.into_iter().map(|call| call.id).collect()
        };
        let newest_first: Vec<_> = all.iter().rev().copied().collect();
        assert_eq!(ids(&CallFilter::default()).await, newest_first);
        let by = CallFilter::default;
        assert_eq!(ids(&CallFilter { agent_id: Some(ana), ..by() }).await, [second]);
        assert_eq!(ids(&CallFilter { state: Some(CallState::Ended), ..by() }).await, [third]);
        assert_eq!(ids(&CallFilter { contact_id: Some(carla), ..by() }).await, [all[4]]);
        assert_eq!(ids(&CallFilter { from: Some(at(3)), to: Some(at(5)), ..by() }).await, [all[4], all[3]]);
        for search in ["600000007", "0034 600 000 007", "+34 600-000-007"] {
            assert_eq!(
                ids(&CallFilter { search: Some(search.to_owned()), ..by() }).await,
                [all[7]],
                "{search}"
            );
        }
        assert_eq!(ids(&CallFilter { search: Some("carla".to_owned()), ..by() }).await, [all[4]]);
        assert!(
            ids(&CallFilter { search: Some("%".to_owned()), contact_id: Some(ana), ..by() }).await.is_empty()
        );

        let mut page = PageRequest::first(4);
        let mut paged = Vec::new();
        loop {
            let got = calls::list(&db, &by(), &page).await.expect("listed");
            assert!(got.items.len() <= 4);
            paged.extend(got.items.into_iter().map(|call| call.id));
            page.cursor = got.next_cursor;
            if page.cursor.is_none() {
                break;
            }
        }
        assert_eq!(paged, newest_first);
    });
}

#[test]
fn queues_count_their_day() {
    on_both(|db| async move {
        let ana = user(&db, "Ana", Role::Agent).await.id;
        let new = NewQueue::named("Support");
        let queue = tx!(db, |tx| queues::upsert(tx, &new)).id;
        for n in 0..5 {
            let id = begin(&db, NewCall { queue_id: Some(queue), ..call("n1", "+34600000001") }).await;
            let cause = if n < 3 { EndCause::Completed } else { EndCause::Abandoned };
            if n < 3 {
                tx!(db, |tx| calls::answered(tx, id, Some(ana), at(5)));
            }
            let finish = end(id, 9, cause);
            tx!(db, |tx| calls::finish(tx, &finish));
        }
        let counts = calls::queue_counts(&db, at(0)).await.expect("counted");
        assert_eq!(counts.len(), 1);
        assert_eq!((counts[0].queue_id, counts[0].answered, counts[0].abandoned), (queue, 3, 2));
        assert!(calls::queue_counts(&db, at(1)).await.expect("counted").is_empty());
    });
}
