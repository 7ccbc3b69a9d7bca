use super::*;

fn texts<'a>(ids: impl IntoIterator<Item = &'a MessageId>) -> Vec<String> {
    ids.into_iter().map(ToString::to_string).collect()
}

fn references(value: &str) -> Vec<String> {
    texts(&Threading::of(None, None, Some(value)).ancestors)
}

#[test]
fn a_first_message_is_its_own_key() {
    let first = Threading::of(Some(" <1@aurora.example>\r\n"), None, None);
    assert_eq!(texts(first.key()), ["<1@aurora.example>"]);
    assert_eq!(first.candidates().count(), 0);
    assert_eq!(texts(&first.references_of_reply()), ["<1@aurora.example>"]);
}

#[test]
fn an_answer_has_the_key_of_the_first_and_looks_for_the_latest() {
    let third = Threading::of(Some("<3@b>"), Some("<2@a>"), Some("<1@b>\r\n\t<2@a>"));
    assert_eq!(texts(third.key()), ["<1@b>"]);
    assert_eq!(texts(third.candidates()), ["<2@a>", "<1@b>"]);
    assert_eq!(texts(&third.references_of_reply()), ["<1@b>", "<2@a>", "<3@b>"]);
}

#[test]
fn in_reply_to_serves_where_references_are_missing_or_cut() {
    let without = Threading::of(Some("<2@a>"), Some("<1@b>"), None);
    assert_eq!(texts(without.key()), ["<1@b>"]);
    let cut = Threading::of(Some("<9@a>"), Some("<8@a>"), Some("<1@b>"));
    assert_eq!(texts(cut.candidates()), ["<8@a>", "<1@b>"]);
}

#[test]
fn phrases_comments_and_quoted_strings_are_passed_over() {
    assert_eq!(references(r#"Your message of "Mon <no@x>" (see <no@y> (\) <no@z>)) <1@b>"#), ["<1@b>"]);
}

#[test]
fn folds_inside_the_brackets_are_dropped_and_oddities_kept() {
    assert_eq!(
        references("<long-\r\n left@b> <no-at-sign> <\"a b\"@[192.0.2.1]>"),
        ["<long-left@b>", "<no-at-sign>", "<\"ab\"@[192.0.2.1]>"]
    );
}

#[test]
fn what_is_no_identifier_is_left_out() {
    let long = format!("<{}>", "x".repeat(MAX_MESSAGE_ID_BYTES + 1));
    for value in ["", "<>", "< >", "<a\u{0}b@c>", "a@b", "<open@b", long.as_str()] {
        assert_eq!(references(value), [""; 0], "{value:?}");
    }
    assert_eq!(references("<open <1@b>"), ["<1@b>"]);
}

#[test]
fn a_message_that_names_itself_and_repeats_is_no_loop() {
    let odd = Threading::of(Some("<2@a>"), Some("<2@a> <1@b>"), Some("<1@b> <1@b>"));
    assert_eq!(texts(&odd.ancestors), ["<1@b>"]);
}

#[test]
fn a_long_history_keeps_its_first_and_its_latest() {
    let count = 3 * MAX_REFERENCES;
    let value: String = (0..count).map(|number| format!("<{number}@b> ")).collect();
    let message = Threading::of(Some("<own@b>"), Some("<last@b>"), Some(&value));
    assert_eq!(message.ancestors.len(), MAX_REFERENCES);
    assert_eq!(texts(message.key()), ["<0@b>"]);
    assert_eq!(texts(message.candidates().take(2)), ["<last@b>", "<149@b>"]);
    assert_eq!(message.references_of_reply().len(), MAX_REFERENCES);
}
