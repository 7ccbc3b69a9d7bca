//! The `Range` header (RFC 9110 section 14). Pure.

/// What of a body of `length` bytes is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The whole: no header, another unit, several ranges (a server may ignore those, section
    /// 14.2), or one that is not well-formed.
    Whole,
    /// First and last byte, both included.
    Part { first: u64, last: u64 },
    /// Well-formed, but nothing of it lies within: 416.
    Unsatisfiable,
}

/// Reads a `Range` header for a body of `length` bytes.
pub fn wanted(header: Option<&str>, length: u64) -> Wanted {
    let Some(spec) = header.and_then(|value| value.trim().strip_prefix("bytes=")) else {
        return Wanted::Whole;
    };
    let Some((first, last)) = spec.trim().split_once('-') else { return Wanted::Whole };
    match (number(first), number(last)) {
        // A suffix: the last so many bytes (section 14.1.2).
        (None, Some(suffix)) if first.is_empty() => match suffix.min(length) {
            0 => Wanted::Unsatisfiable,
            suffix => Wanted::Part { first: length - suffix, last: length - 1 },
        },
        (Some(first), None) if last.is_empty() => part(first, u64::MAX, length),
        (Some(first), Some(last)) if first <= last => part(first, last, length),
        _ => Wanted::Whole,
    }
}

fn part(first: u64, last: u64, length: u64) -> Wanted {
    if first >= length { Wanted::Unsatisfiable } else { Wanted::Part { first, last: last.min(length - 1) } }
}

fn number(text: &str) -> Option<u64> {
    // `parse` would also take "+1".
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_rfc_says() {
        use Wanted::{Part, Unsatisfiable, Whole};
        for (header, expected) in [
            (None, Whole),
            (Some("bytes=0-"), Part { first: 0, last: 99 }),
            (Some("bytes=0-0"), Part { first: 0, last: 0 }),
            (Some("bytes=10-19"), Part { first: 10, last: 19 }),
            (Some("bytes=90-1000"), Part { first: 90, last: 99 }),
            (Some("bytes=-10"), Part { first: 90, last: 99 }),
            (Some("bytes=-1000"), Part { first: 0, last: 99 }),
            (Some("bytes=100-"), Unsatisfiable),
            (Some("bytes=-0"), Unsatisfiable),
            (Some("bytes=5-4"), Whole),
            (Some("bytes=+1-4"), Whole),
            (Some("bytes=0-1,5-6"), Whole),
            (Some("bytes=-"), Whole),
            (Some("bytes=99999999999999999999-"), Whole),
            (Some("lines=0-1"), Whole),
        ] {
            assert_eq!(wanted(header, 100), expected, "{header:?}");
        }
    }

    #[test]
    fn an_empty_body_has_no_parts() {
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Unsatisfiable);
        assert_eq!(wanted(Some("bytes=-5"), 0), Wanted::Unsatisfiable);
        assert_eq!(wanted(None, 0), Wanted::Whole);
    }
}
