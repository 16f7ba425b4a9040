//! Durations: every spelling, to the second, and every refusal, with its example.

use chrono::TimeDelta;
use ledger::ttl::{Ttl, TtlError, compact};
use proptest::prelude::*;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const TEN_YEARS: i64 = 3650 * DAY;

#[track_caller]
fn reads(spelling: &str, seconds: i64) {
    let ttl = Ttl::parse(spelling).unwrap_or_else(|error| panic!("{spelling:?}: {error}"));
    assert_eq!(ttl.seconds(), seconds, "{spelling:?}");
    assert_eq!(ttl.delta(), TimeDelta::seconds(seconds), "{spelling:?}");
    assert_eq!(ttl.spelling(), spelling, "kept byte for byte");
}

/// Whether `message` shows at least one duration, between backquotes, that would be right.
fn shows_an_example(message: &str) -> bool {
    message.split('`').any(|quoted| Ttl::parse(quoted).is_ok())
}

#[track_caller]
fn refuses(texts: &[&str], right: fn(&TtlError) -> bool) {
    for text in texts {
        let error = Ttl::parse(text).expect_err(text);
        assert!(right(&error), "{text:?} was refused as {error:?}");
        assert!(shows_an_example(&error.to_string()), "no example: {error}");
    }
}

#[test]
fn every_spelling_is_read_to_the_second_and_kept_byte_for_byte() {
    reads("1s", 1);
    reads("90s", 90);
    reads("90m", 90 * MINUTE);
    reads("1m", MINUTE);
    reads("72h", 72 * HOUR);
    reads("3d", 3 * DAY);
    reads("1w", 7 * DAY);
    reads("1w4d", 11 * DAY);
    reads("1h30m", 90 * MINUTE);
    reads("1h 30m", 90 * MINUTE);
    reads("1h, 30m", 90 * MINUTE);
    reads("1d2h3m4s", DAY + 2 * HOUR + 3 * MINUTE + 4);
    reads("0d1h", HOUR);
    reads("72h0m0s", 72 * HOUR);
    reads("+72h", 72 * HOUR);
    reads("0072h", 72 * HOUR);
}

#[test]
fn words_are_units_too() {
    reads("3 days", 3 * DAY);
    reads("1 day, 12 hours", 36 * HOUR);
    reads("72  hours", 72 * HOUR);
    reads("72 hrs", 72 * HOUR);
    reads("5 mins 30 secs", 5 * MINUTE + 30);
    reads("2 weeks", 14 * DAY);
    reads("2wks", 14 * DAY);
}

#[test]
fn fractions_are_read_where_they_come_out_in_whole_seconds() {
    reads("1.5h", 90 * MINUTE);
    reads("0.5h", 30 * MINUTE);
    reads("1,5h", 90 * MINUTE);
    reads("1.5m", 90);
    reads("0.25h", 15 * MINUTE);
    reads("PT1.5H", 90 * MINUTE);
    reads("1.0s", 1);
    reads("1.000s", 1);
    reads("72h0.0s", 72 * HOUR);
}

#[test]
fn iso_8601_is_read() {
    reads("PT72H", 72 * HOUR);
    reads("P3D", 3 * DAY);
    reads("P1W", 7 * DAY);
    reads("P1DT12H", 36 * HOUR);
    reads("PT1H30M", 90 * MINUTE);
    reads("PT90M", 90 * MINUTE);
    // After the T an M is a minute, before it a month.
    reads("PT1M", MINUTE);
    reads("pt90m", 90 * MINUTE);
    reads("P0M1D", DAY);
}

#[test]
fn a_clock_reading_has_hours_minutes_and_seconds_or_is_refused_as_ambiguous() {
    reads("01:30:00", 90 * MINUTE);
    reads("2 days 03:04:05", 2 * DAY + 3 * HOUR + 4 * MINUTE + 5);
    refuses(&["1:30", "90:00", "1:30:", ":30", "2 days 3:04"], |error| {
        matches!(error, TtlError::Unreadable(_))
    });
}

#[test]
fn ten_years_is_the_longest_in_every_unit() {
    reads("3650d", TEN_YEARS);
    reads("87600h", TEN_YEARS);
    reads("5256000m", TEN_YEARS);
    reads("315360000s", TEN_YEARS);
    refuses(
        &[
            "3651d",
            "3650d1s",
            "87601h",
            "5256001m",
            "315360001s",
            "522w",
            "P522W",
        ],
        |error| matches!(error, TtlError::TooLong(_)),
    );
}

#[test]
fn what_no_number_can_hold_is_too_long_and_nothing_else() {
    let endless = format!("{}d", "9".repeat(10_000));
    let texts = [
        "999999999999d",
        "99999999999999999999999999d",
        "9223372036854775807s",
        "9223372036854775808s",
        "18446744073709551616h",
        "631107417600s",
        "631107417601s",
        "PT9223372036854775807H",
        "P99999999999999999999W",
        "1d 99999999999999999999h",
        "9223372036854775807w 9223372036854775807d",
        &endless,
    ];
    refuses(&texts, |error| matches!(error, TtlError::TooLong(_)));
}

#[test]
fn a_bare_number_is_refused_with_the_units_it_could_have() {
    refuses(
        &["90", "72", "1", "007", "+5", "3600", "315360000"],
        |error| matches!(error, TtlError::NoUnit(_)),
    );
    let said = Ttl::parse("90").expect_err("no unit").to_string();
    assert_eq!(
        said,
        "`90` has no unit; write `90s`, `90m`, `90h` or `90d`, for example `72h`"
    );
    refuses(&["315360001", "99999999999999999999999"], |error| {
        matches!(error, TtlError::TooLong(_))
    });
}

#[test]
fn zero_is_refused_whatever_its_unit() {
    let texts = [
        "0", "-0", "+0", "000", "0s", "0m", "0h", "0d", "0w", "-0h", "0h ago", "0d0h0m", "0.0h",
        "PT0S", "P0D", "0mo", "00:00:00",
    ];
    refuses(&texts, |error| matches!(error, TtlError::Zero(_)));
}

#[test]
fn a_negative_is_refused_in_front_and_behind() {
    let texts = [
        "-5m",
        "-1",
        "-72h",
        "5m ago",
        "3d ago",
        "-PT1H",
        "-3 days",
        "3 days, 4 hours ago",
        "-99999999999999999999d",
    ];
    refuses(&texts, |error| matches!(error, TtlError::Negative(_)));
}

#[test]
fn mixed_and_doubled_signs_are_no_duration() {
    let texts = [
        "1h -30m",
        "1h-30m",
        "1h ago 30m",
        "-1h ago",
        "--5m",
        "+-5m",
        "P-1D",
        "P1DT-2H",
        "-",
        "+",
        "ago",
    ];
    refuses(&texts, |error| matches!(error, TtlError::Unreadable(_)));
}

#[test]
fn months_and_years_have_no_length_and_are_refused() {
    let texts = [
        "1mo",
        "1 month",
        "12 months",
        "P1M",
        "1y",
        "1yr",
        "2 years",
        "P1Y",
        "1y 3d",
        "P1Y2M3DT4H",
    ];
    refuses(&texts, |error| matches!(error, TtlError::NoFixedLength(_)));
    // A capital M is neither minutes nor months, and no guess is made.
    refuses(&["1M"], |error| matches!(error, TtlError::Unreadable(_)));
}

#[test]
fn less_than_a_second_is_refused_even_behind_whole_ones() {
    let texts = [
        "500ms", "1.5s", "0.1s", "1us", "72µs", "1ns", "PT0.5S", "1s500ms", "1h 0.5s", "0.0005h",
    ];
    refuses(&texts, |error| matches!(error, TtlError::TooFine(_)));
}

#[test]
fn nothing_is_refused_as_nothing() {
    refuses(&["", " ", "   ", "\t", "\n", "\u{a0}"], |error| {
        matches!(error, TtlError::Empty)
    });
}

#[test]
fn white_space_around_it_is_refused_because_the_spelling_is_kept() {
    let texts = [" 72h", "72h ", "72h\n", "\t72h", "\u{a0}72h", "72h\u{2003}"];
    refuses(&texts, |error| *error == TtlError::Padded("72h".to_owned()));
}

#[test]
fn anything_else_is_refused_with_examples() {
    let texts = [
        "h",
        "P",
        "PT",
        "P3",
        "3P",
        "72x",
        "72hh",
        "72H",
        "3D",
        "7 2h",
        "1.h",
        ".5h",
        "1..5h",
        "1.5",
        "-1.5",
        "1e3",
        "inf",
        "-inf",
        "nan",
        "infinity",
        "0x10",
        "1_000s",
        "1'000s",
        "½h",
        "1h30",
        "3d12",
        "1h1h",
        "30m1h",
        "1h,",
        "1h,30m",
        "1h ,30m",
        "1h and 30m",
        "a day",
        "forever",
        "never",
        "七十二h",
        "٧٢h",
        "72h🙂",
        "72h\0",
        "1.5d",
        "0.5w",
        // Too many places, and not too long.
        "1.0000000000001h",
        "P1.5D",
        "${var.ttl}",
        "null",
    ];
    refuses(&texts, |error| matches!(error, TtlError::Unreadable(_)));
}

#[test]
fn a_huge_text_is_not_repeated_in_the_message() {
    for text in [
        "x".repeat(1_000_000),
        "9".repeat(1_000_000),
        "é".repeat(500_000),
    ] {
        let said = Ttl::parse(&text).expect_err("no duration").to_string();
        assert!(
            said.chars().count() < 300,
            "{} characters",
            said.chars().count()
        );
    }
}

#[test]
fn equality_and_order_are_by_length_and_not_by_spelling() {
    let ttl = |text: &str| Ttl::parse(text).expect(text);
    assert_eq!(ttl("72h"), ttl("3d"));
    assert_eq!(ttl("72h"), ttl("PT72H"));
    assert!(ttl("71h") < ttl("3d"));
    assert!(ttl("100m") < ttl("2h"));
    assert_eq!(ttl("1d").max(ttl("2h")).spelling(), "1d");
}

#[test]
fn a_default_of_hours_is_never_zero() {
    assert_eq!(Ttl::hours(0), Ttl::hours(1));
    assert_eq!(Ttl::hours(72).spelling(), "72h");
    assert_eq!(Ttl::parse("72h").expect("right"), Ttl::hours(72));
}

#[test]
fn a_span_is_shown_with_the_largest_units_first() {
    let shown = |seconds| compact(TimeDelta::seconds(seconds));
    assert_eq!(shown(0), "0s");
    assert_eq!(shown(59), "59s");
    assert_eq!(shown(90 * MINUTE), "1h30m");
    assert_eq!(shown(3 * DAY), "3d");
    assert_eq!(shown(DAY + 1), "1d1s");
    assert_eq!(shown(-90), "-1m30s");
    assert_eq!(compact(TimeDelta::milliseconds(999)), "0s");
    assert_eq!(compact(TimeDelta::milliseconds(-1999)), "-1s");
    assert!(compact(TimeDelta::MIN).starts_with("-106751991167d"));
    assert!(compact(TimeDelta::MAX).starts_with("106751991167d"));
}

proptest! {
    #[test]
    fn what_is_shown_reads_back_as_the_same_length(seconds in 1..=TEN_YEARS) {
        let ttl = Ttl::parse(&format!("{seconds}s")).expect("in range");
        let again = Ttl::parse(&ttl.to_string()).expect("what is shown is a duration");
        prop_assert_eq!(again.seconds(), seconds);
        prop_assert_eq!(again, ttl);
    }

    #[test]
    fn no_text_makes_it_panic_and_what_is_read_is_in_bounds_and_kept(text in "\\PC{0,40}") {
        match Ttl::parse(&text) {
            Ok(ttl) => {
                prop_assert!((1..=TEN_YEARS).contains(&ttl.seconds()));
                prop_assert_eq!(ttl.spelling(), text);
            }
            Err(error) => prop_assert!(shows_an_example(&error.to_string()), "{}", error),
        }
    }

    #[test]
    fn no_jumble_of_numbers_and_units_makes_it_panic(
        text in "[+-]?(P|p)?([0-9]{0,22}[.,]?[0-9]{0,12} ?(T|d|h|m|s|w|y|mo|ms|ns|D|H|M|S|W|:|,| ago)?){0,5}"
    ) {
        match Ttl::parse(&text) {
            Ok(ttl) => {
                prop_assert!((1..=TEN_YEARS).contains(&ttl.seconds()), "{:?}", text);
                prop_assert_eq!(ttl.spelling(), text);
            }
            Err(error) => prop_assert!(shows_an_example(&error.to_string()), "{}", error),
        }
    }
}
