//! What a capsule promises: the same files are the same bytes, and nothing hostile comes out.

use std::io::{Read, Write};

use capsule::{Capsule, CapsuleError, MAX_BYTES, MAX_FILES};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use proptest::prelude::*;
use tar::{Builder, EntryType, Header};

fn capsule(files: &[(&str, &[u8])]) -> Capsule {
    Capsule {
        files: files
            .iter()
            .map(|(path, content)| ((*path).to_owned(), content.to_vec()))
            .collect(),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("into memory");
    encoder.finish().expect("into memory")
}

/// A header that says whatever it is told, without the checks of a well-meaning writer.
fn header(path: &[u8], kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.as_mut_bytes()[..path.len()].copy_from_slice(path);
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

fn archive_of(entries: &[(&[u8], EntryType, &[u8])]) -> Vec<u8> {
    let mut archive = Builder::new(Vec::new());
    for (path, kind, content) in entries {
        let header = header(path, *kind, content.len() as u64);
        archive.append(&header, *content).expect("into memory");
    }
    gzip(&archive.into_inner().expect("into memory"))
}

fn refused(packed: &[u8]) -> CapsuleError {
    Capsule::unpack(packed).expect_err("a hostile archive is refused")
}

#[test]
fn the_same_files_are_always_the_same_bytes() {
    let packed = capsule(&[("main.tf", b"a"), ("modules/network/main.tf", b"b")])
        .pack()
        .expect("packed");
    let again = capsule(&[("modules/network/main.tf", b"b"), ("main.tf", b"a")])
        .pack()
        .expect("packed");
    assert_eq!(packed, again);
    let mut archive = Vec::new();
    GzDecoder::new(packed.as_slice())
        .read_to_end(&mut archive)
        .expect("gzip");
    assert_eq!(
        ledger::chain::sha256(&archive),
        "a0977447adc71bd47e6a93b7d98dd3ca5ef642299e0b17945cfee4d29e87fa36",
        "the archive inside has a new form, so the same files are kept a second time"
    );
}

#[test]
fn a_path_longer_than_a_tar_header_comes_back_whole() {
    let long = format!("{}/main.tf", "module".repeat(50));
    let before = capsule(&[(&long, b"x")]);
    let packed = before.pack().expect("packed");
    assert_eq!(Capsule::unpack(&packed), Ok(before));
}

#[test]
fn an_empty_capsule_is_one() {
    let packed = Capsule::default().pack().expect("packed");
    assert_eq!(Capsule::unpack(&packed), Ok(Capsule::default()));
}

#[test]
fn a_path_that_leads_out_is_neither_packed_nor_unpacked() {
    let paths = [
        "/etc/passwd",
        "../up.tf",
        "a/../../up.tf",
        "a/..",
        ".",
        "./main.tf",
        "a//b",
        "a/",
        "a\\b",
        "C:\\Windows",
    ];
    for path in paths {
        let packing = capsule(&[(path, b"x")]).pack().expect_err(path);
        assert!(
            matches!(packing, CapsuleError::Path { .. }),
            "{path}: {packing}"
        );
        let unpacking = refused(&archive_of(&[(path.as_bytes(), EntryType::Regular, b"x")]));
        assert!(
            matches!(unpacking, CapsuleError::Path { .. }),
            "{path}: {unpacking}"
        );
    }
    assert!(capsule(&[("", b"x")]).pack().is_err());
    assert!(capsule(&[("a\0b", b"x")]).pack().is_err());
}

#[test]
fn a_file_may_not_lie_under_a_file() {
    let packing = capsule(&[("a", b"x"), ("a/b", b"y")]).pack();
    assert!(
        matches!(packing, Err(CapsuleError::Path { .. })),
        "{packing:?}"
    );
    let entries: &[(&[u8], EntryType, &[u8])] = &[
        (b"a/b", EntryType::Regular, b"y"),
        (b"a", EntryType::Regular, b"x"),
    ];
    let unpacking = refused(&archive_of(entries));
    assert!(
        matches!(unpacking, CapsuleError::Path { .. }),
        "{unpacking}"
    );
}

#[test]
fn links_devices_and_directories_are_refused() {
    let kinds = [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Directory,
        EntryType::Fifo,
        EntryType::Char,
        EntryType::Block,
        EntryType::Continuous,
        EntryType::new(b'V'),
    ];
    for kind in kinds {
        let error = refused(&archive_of(&[(b"harmless", kind, b"")]));
        assert!(
            matches!(error, CapsuleError::NotAFile { .. }),
            "{kind:?}: {error}"
        );
    }
}

#[test]
fn a_long_name_entry_cannot_smuggle_a_path_in() {
    let entries: &[(&[u8], EntryType, &[u8])] = &[
        (b"././@LongLink", EntryType::GNULongName, b"/etc/cron.d/x\0"),
        (b"harmless", EntryType::Regular, b"x"),
    ];
    let error = refused(&archive_of(entries));
    assert!(matches!(error, CapsuleError::Path { .. }), "{error}");
}

#[test]
fn an_extended_header_cannot_smuggle_a_path_in() {
    let entries: &[(&[u8], EntryType, &[u8])] = &[
        (b"pax", EntryType::XHeader, b"16 path=../x.tf\n"),
        (b"harmless", EntryType::Regular, b"x"),
    ];
    let error = refused(&archive_of(entries));
    assert!(matches!(error, CapsuleError::Path { .. }), "{error}");
}

#[test]
fn the_same_path_twice_is_refused() {
    let entries: &[(&[u8], EntryType, &[u8])] = &[
        (b"main.tf", EntryType::Regular, b"reviewed"),
        (b"main.tf", EntryType::Regular, b"other"),
    ];
    let error = refused(&archive_of(entries));
    assert!(matches!(error, CapsuleError::Twice { .. }), "{error}");
}

#[test]
fn more_bytes_than_a_capsule_holds_are_refused_both_ways() {
    let half = vec![0; usize::try_from(MAX_BYTES / 2).expect("fits")];
    let packing = capsule(&[("a", &half), ("b", &half), ("c", b"x")]).pack();
    assert_eq!(packing, Err(CapsuleError::TooLarge));
    let entries: &[(&[u8], EntryType, &[u8])] = &[
        (b"a", EntryType::Regular, &half),
        (b"b", EntryType::Regular, &half),
        (b"c", EntryType::Regular, b"x"),
    ];
    assert_eq!(refused(&archive_of(entries)), CapsuleError::TooLarge);
}

#[test]
fn a_size_that_is_only_claimed_is_refused_before_it_is_read() {
    let mut tar = header(b"huge", EntryType::Regular, u64::MAX / 2)
        .as_bytes()
        .to_vec();
    tar.extend([0; 1024]);
    assert_eq!(refused(&gzip(&tar)), CapsuleError::TooLarge);
}

#[test]
fn a_bomb_in_the_headers_is_refused() {
    // The reader of the archive keeps a long name in memory before it says that there is one.
    let bomb = vec![b'a'; 200 * 1024 * 1024];
    let entries: &[(&[u8], EntryType, &[u8])] = &[(b"name", EntryType::GNULongName, &bomb)];
    assert_eq!(refused(&archive_of(entries)), CapsuleError::TooLarge);
}

#[test]
fn more_files_than_a_capsule_holds_are_refused_both_ways() {
    let names: Vec<String> = (0..=MAX_FILES).map(|number| format!("f{number}")).collect();
    let files: Vec<(&str, &[u8])> = names
        .iter()
        .map(|name| (name.as_str(), b"".as_slice()))
        .collect();
    assert_eq!(capsule(&files).pack(), Err(CapsuleError::TooMany));
    let entries: Vec<(&[u8], EntryType, &[u8])> = names
        .iter()
        .map(|name| (name.as_bytes(), EntryType::Regular, b"".as_slice()))
        .collect();
    assert_eq!(refused(&archive_of(&entries)), CapsuleError::TooMany);
    let packed = capsule(&files[..MAX_FILES]).pack().expect("just enough");
    assert_eq!(
        Capsule::unpack(&packed).expect("just enough").files.len(),
        MAX_FILES
    );
}

#[test]
fn a_damaged_capsule_is_refused_wherever_it_is_damaged() {
    let packed = capsule(&[("main.tf", b"resource"), ("b/c.tf", b"other")])
        .pack()
        .expect("packed");
    for end in 0..packed.len() {
        assert!(
            Capsule::unpack(&packed[..end]).is_err(),
            "cut off after {end} bytes"
        );
    }
    // Past the ten bytes of the gzip header, of which only some have a meaning.
    for place in 10..packed.len() {
        let mut altered = packed.clone();
        altered[place] ^= 1;
        assert!(Capsule::unpack(&altered).is_err(), "byte {place} altered");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_packed_is_what_is_unpacked(
        files in proptest::collection::btree_map(
            "[a-zä]{1,5}(/[ -.a-z]{2,40}x){0,3}\\.tf",
            proptest::collection::vec(any::<u8>(), 0..2000),
            0..8,
        )
    ) {
        let before = Capsule { files };
        let packed = before.pack().expect("relative paths");
        prop_assert_eq!(Capsule::unpack(&packed), Ok(before));
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..3000)) {
        prop_assert!(Capsule::unpack(&bytes).is_err());
        // What is not an archive inside a right compression.
        let _ = Capsule::unpack(&gzip(&bytes));
    }
}
