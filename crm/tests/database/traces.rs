//! What was said about calls.

use crm::traces::{self, NewTrace, Trace};

use crate::{
    calls::begin,
    support::{at, call, on_both, try_tx, tx},
};

#[test]
fn a_trace_is_kept_once_and_the_oldest_are_forgotten_first() {
    on_both(|db| async move {
        let mut ids = Vec::new();
        for n in 0..5_i64 {
            let call_id = begin(&db, call("n1", "+34600000001")).await;
            let new = NewTrace { call_id, kept_at: at(n), messages: 2, left_out: n, body: vec![0, 255, 7] };
            let again = new.clone();
            tx!(db, |tx| traces::add(tx, &new));
            assert!(try_tx!(db, |tx| traces::add(tx, &again)).is_err());
            ids.push(call_id);
        }
        let found = traces::of_call(&db, ids[3]).await.expect("read");
        assert_eq!(found, Some(Trace { left_out: 3, body: vec![0, 255, 7] }));
        assert_eq!(tx!(db, |tx| traces::forget(tx, at(3), 2)), 2);
        assert_eq!(tx!(db, |tx| traces::forget(tx, at(3), 2)), 1);
        assert_eq!(tx!(db, |tx| traces::forget(tx, at(3), 2)), 0);
        let mut left = Vec::new();
        for id in ids {
            left.push(traces::of_call(&db, id).await.expect("read").is_some());
        }
        assert_eq!(left, [false, false, false, true, true]);
    });
}
