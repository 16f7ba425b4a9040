//! What the SQLite engine makes of files that are damaged, or not its own.

use super::*;

#[tokio::test]
async fn a_file_of_another_program_is_refused_and_left_as_it_was() {
    let directory = directory();
    let path = directory.path().join("theirs.sqlite3");
    execute(&path, "CREATE TABLE theirs (id INTEGER)").await;
    let before = bytes(&path);
    let shown = refusal(&path).await;
    assert!(shown.contains("another program"), "{shown}");
    assert_eq!(bytes(&path), before);
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = directory();
    let path = directory.path().join("notes.txt");
    tempfile::NamedTempFile::new_in(directory.path())
        .and_then(|mut file| {
            std::io::Write::write_all(&mut file, &[b'x'; 4096])?;
            file.persist(&path).map_err(|error| error.error)
        })
        .expect("written");
    let shown = refusal(&path).await;
    assert!(shown.contains("not a database"), "{shown}");
}

#[tokio::test]
async fn a_record_under_another_subject_is_not_believed() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let book = SqliteBook::open(&path).await.expect("new");
    book.put(creation(sample::record())).await.expect("free");
    execute(&path, "UPDATE records SET subject = 'env-b'").await;
    let moved = Record::Environment(sample::environment("b", "pr-1", 1));
    let error = book.get(&moved.subject()).await.expect_err("it is env-a's");
    assert!(matches!(error, BookError::Corrupt { .. }), "{error}");
}

#[tokio::test]
async fn a_changed_event_is_found_by_the_chain_or_refused() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let book = SqliteBook::open(&path).await.expect("new");
    let mut put = creation(sample::record());
    put.events = [put.events.clone(), put.events.clone(), put.events.clone()].concat();
    book.put(put).await.expect("free");
    let subject = sample::record().subject();

    execute(
        &path,
        "UPDATE events SET body = replace(body, 'me@host', 'no@body') WHERE seq = 2",
    )
    .await;
    let events = book.events(None).await.expect("readable");
    let altered = Broken::Altered {
        subject: subject.clone(),
        seq: 2,
    };
    assert_eq!(chain::verify(&events), [altered]);

    execute(&path, "DELETE FROM events WHERE seq = 2").await;
    let events = book.events(None).await.expect("readable");
    let gap = Broken::Gap {
        subject,
        expected: 2,
        found: 3,
    };
    assert_eq!(chain::verify(&events), [gap]);

    execute(&path, "UPDATE events SET seq = 2 WHERE seq = 3").await;
    let error = book
        .events(None)
        .await
        .expect_err("columns and body differ");
    assert!(matches!(error, BookError::Corrupt { .. }), "{error}");
}

#[tokio::test]
async fn a_rotten_capsule_is_not_handed_out_and_keeping_it_again_repairs_it() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let book = SqliteBook::open(&path).await.expect("new");
    let sha256 = book.keep(b"packed").await.expect("kept");
    execute(&path, "UPDATE capsules SET packed = x'00'").await;
    let error = book.fetch(&sha256).await.expect_err("rotten");
    assert!(matches!(error, BookError::Corrupt { .. }), "{error}");
    assert_eq!(book.keep(b"packed").await.expect("kept"), sha256);
    assert!(book.fetch(&sha256).await.expect("repaired").is_some());
}
