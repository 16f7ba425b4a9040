//! What the SQLite engine makes of files that are damaged, or not its own.

use super::*;

#[tokio::test]
async fn a_file_of_another_program_is_refused_and_left_as_it_was() {
    let directory = directory();
    let path = directory.path().join("theirs.sqlite3");
    execute(&path, "CREATE TABLE theirs (id INTEGER)");
    let before = bytes(&path);
    let shown = refusal(&path).await;
    assert!(shown.contains("another program"), "{shown}");
    assert_eq!(bytes(&path), before);
}

#[tokio::test]
#[expect(
    clippy::disallowed_methods,
    reason = "a test makes the file that is refused"
)]
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

/// What opening says, both ways in: what was found, and what to do.
async fn refused_twice(path: &Path) -> Vec<(String, &'static str)> {
    let mut refusals = Vec::new();
    for opened in [
        SqliteBook::open(path).await,
        SqliteBook::open_existing(path).await,
    ] {
        let error = opened.expect_err("it holds no ledger");
        refusals.push((error.to_string(), error.remedy().expect("something to do")));
    }
    refusals
}

#[tokio::test]
async fn an_empty_file_is_no_new_ledger_and_the_log_beside_it_is_left() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let log = directory.path().join("ledger.sqlite3-wal");
    write(&path, b"");
    write(&log, b"all that is left of a ledger");
    for (found, remedy) in refused_twice(&path).await {
        assert!(found.contains("the file is empty"), "{found}");
        for part in ["restore", "remove the empty file"] {
            assert!(remedy.contains(part), "{remedy}");
        }
    }
    assert_eq!(bytes(&path), b"");
    assert_eq!(bytes(&log), b"all that is left of a ledger");
}

#[tokio::test]
async fn a_database_without_tables_is_no_new_ledger() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    // What a creator leaves that is killed before its tables are there.
    execute(&path, "PRAGMA journal_mode = WAL");
    let before = bytes(&path);
    assert_ne!(before, b"");
    for (found, remedy) in refused_twice(&path).await {
        assert!(found.contains("without any table"), "{found}");
        assert!(remedy.contains("restore"), "{remedy}");
    }
    assert_eq!(bytes(&path), before);
}

#[expect(clippy::disallowed_methods, reason = "a test moves the file itself")]
#[tokio::test]
async fn a_file_that_is_filled_while_it_is_looked_at_is_the_ledger_it_becomes() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let elsewhere = directory.path().join("made.sqlite3");
    write(&path, b"");
    let waiting = tokio::spawn({
        let path = path.clone();
        async move { SqliteBook::open(&path).await }
    });
    let made = SqliteBook::open(&elsewhere).await.expect("new");
    let id = made.reading().await.expect("readable").ledger;
    made.close().await;
    // In one step, so that the half of it is never seen.
    std::fs::rename(&elsewhere, &path).expect("moved");
    let found = waiting.await.expect("no panic").expect("filled in time");
    assert_eq!(found.reading().await.expect("readable").ledger, id);
}

#[tokio::test]
async fn a_directory_is_refused_with_what_to_name_instead() {
    let directory = directory();
    for (found, remedy) in refused_twice(directory.path()).await {
        assert!(found.contains("directory"), "{found}");
        assert!(remedy.contains("EPHEMERAL_LEDGER=sqlite:///"), "{remedy}");
    }
}

#[tokio::test]
async fn a_damaged_page_is_said_to_need_a_backup() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let book = SqliteBook::open(&path).await.expect("new");
    book.put(creation(sample::record())).await.expect("free");
    book.close().await;
    let mut damaged = bytes(&path);
    for page in damaged.chunks_mut(4096).skip(1) {
        page.fill(0xff);
    }
    write(&path, &damaged);
    let error = match SqliteBook::open_existing(&path).await {
        Ok(book) => book
            .get(&sample::record().subject())
            .await
            .expect_err("damaged"),
        Err(error) => error,
    };
    assert!(error.to_string().contains("malformed"), "{error}");
    let remedy = error.remedy().expect("something to do");
    assert!(remedy.contains("restore it from a backup"), "{remedy}");
}

#[tokio::test]
async fn a_record_under_another_subject_is_not_believed() {
    let directory = directory();
    let path = directory.path().join("ledger.sqlite3");
    let book = SqliteBook::open(&path).await.expect("new");
    book.put(creation(sample::record())).await.expect("free");
    execute(&path, "UPDATE records SET subject = 'env-b'");
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
    );
    let events = book.events(None).await.expect("readable");
    let altered = Broken::Altered {
        subject: subject.clone(),
        seq: 2,
    };
    assert_eq!(chain::verify(&events), [altered]);

    execute(&path, "DELETE FROM events WHERE seq = 2");
    let events = book.events(None).await.expect("readable");
    let gap = Broken::Gap {
        subject,
        expected: 2,
        found: 3,
    };
    assert_eq!(chain::verify(&events), [gap]);

    execute(&path, "UPDATE events SET seq = 2 WHERE seq = 3");
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
    execute(&path, "UPDATE capsules SET packed = x'00'");
    let error = book.fetch(&sha256).await.expect_err("rotten");
    assert!(matches!(error, BookError::Corrupt { .. }), "{error}");
    assert_eq!(book.keep(b"packed").await.expect("kept"), sha256);
    assert!(book.fetch(&sha256).await.expect("repaired").is_some());
}
