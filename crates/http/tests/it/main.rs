//! The bounds of the client: each request against a server of one answer.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    time::Duration,
};

use http::{Http, Request, Secret, Url, shown};

/// The address of a server that answers `answer` to everything, or nothing at all if that is empty.
fn serving(answer: &'static str) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("bound").port();
    std::thread::spawn(move || {
        let mut held = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let _ = stream.read(&mut [0; 4096]).expect("a request");
            stream.write_all(answer.as_bytes()).expect("answered");
            if answer.is_empty() {
                held.push(stream);
            }
        }
    });
    Url::parse(&format!("http://127.0.0.1:{port}/keys?token=hunter2")).expect("an address")
}

/// What comes of asking a server that answers `answer`; a refusal in words.
async fn asked(answer: &'static str) -> Result<Vec<u8>, String> {
    let url = serving(answer);
    let request = Request {
        what: "its keys",
        url: &url,
        bearer: Some(&Secret::new("hunter2")),
        limit: 10,
    };
    let http = Http::new("tests", Duration::from_millis(300));
    let answered = http.get(&request).await;
    answered.map_err(|error| format!("{error} {error:?}"))
}

#[tokio::test]
async fn an_answer_within_its_bounds_is_handed_over() {
    let answer = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\n0123456789";
    assert_eq!(asked(answer).await.as_deref(), Ok(&b"0123456789"[..]));
}

#[tokio::test]
async fn what_breaks_a_bound_is_refused_without_a_secret() {
    for (answer, refusal) in [
        ("", "there was no answer in time"),
        (
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 11\r\n\r\n01234567890",
            "the answer is longer than 10 bytes",
        ),
        (
            "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: http://127.0.0.1:9/\r\n\r\n",
            "it was redirected to another origin",
        ),
        (
            "HTTP/1.1 302 Found\r\nConnection: close\r\nLocation: /keys\r\nContent-Length: 0\r\n\r\n",
            "it was redirected again and again",
        ),
        (
            "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 7\r\n\r\nhunter2",
            "the answer was 404",
        ),
    ] {
        let told = asked(answer).await.expect_err(refusal);
        assert!(told.contains(refusal), "{told}");
        assert!(!told.contains("hunter2"), "{told}");
    }
}

#[test]
fn a_text_from_elsewhere_is_shown_short_and_on_one_line() {
    assert_eq!(shown("a\nb\u{1b}[2J"), "a b [2J");
    assert_eq!(shown(&"a".repeat(300)), format!("{}…", "a".repeat(200)));
    assert_eq!(format!("{:?}", Secret::new("hunter2")), "Secret");
}
