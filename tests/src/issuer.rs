//! An issuer of tokens on this very host, over HTTP or TLS, which answers what a test wrote down and nothing else.
//!
//! Requests that were announced once (`expect`) come in their order; those that may come any number of times (`always`)
//! are answered whenever. Any other request, and one that was announced and did not come, fails the test.

#[path = "issuer/key.rs"]
mod key;

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Value as Json, json};

pub use key::{Algorithm, SigningKey};

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Where else to ask.
    pub location: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// How long it takes to come.
    pub delay: Duration,
}

impl Answer {
    /// Success with a body in JSON.
    #[must_use]
    pub fn json(body: &Json) -> Self {
        Self {
            body: body.to_string().into_bytes(),
            ..Self::status(200)
        }
    }

    /// A status without a body.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status,
            location: None,
            body: Vec::new(),
            delay: Duration::ZERO,
        }
    }

    /// A redirect.
    #[must_use]
    pub fn redirect(location: &str) -> Self {
        Self {
            location: Some(location.to_owned()),
            ..Self::status(302)
        }
    }

    /// The same, late.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }
}

/// A request as it is written down: the path with its query, and what it must show.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    path: String,
    authorization: Option<String>,
}

#[derive(Default)]
struct Script {
    once: VecDeque<(Asked, Answer)>,
    always: Vec<(Asked, Answer)>,
    seen: Vec<String>,
    problems: Vec<String>,
}

impl Script {
    fn answer(&mut self, asked: &Asked) -> Answer {
        self.seen.push(asked.path.clone());
        if self.once.front().is_some_and(|(next, _)| next == asked)
            && let Some((_, answer)) = self.once.pop_front()
        {
            return answer;
        }
        let standing = self.always.iter().find(|(route, _)| route == asked);
        if let Some((_, answer)) = standing {
            return answer.clone();
        }
        self.problems.push(format!("nobody announced {asked:?}"));
        Answer::status(404)
    }
}

/// A running issuer. It ends, and says what was wrong, when it is dropped.
pub struct Issuer {
    url: String,
    address: SocketAddr,
    authority: Option<String>,
    script: Arc<Mutex<Script>>,
}

type Tls = Option<Arc<rustls::ServerConfig>>;

impl Issuer {
    /// One over plain HTTP.
    #[must_use]
    pub fn start() -> Self {
        Self::serve("http", None, None)
    }

    /// One over TLS, whose certificate an authority of its own signed: see [`Self::authority`].
    #[must_use]
    pub fn over_tls() -> Self {
        let (server, authority) = certificates();
        Self::serve("https", Some(server), Some(authority))
    }

    fn serve(scheme: &str, tls: Tls, authority: Option<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port on this host");
        let address = listener.local_addr().expect("an address");
        let script = Arc::new(Mutex::new(Script::default()));
        let served = Arc::clone(&script);
        // It ends with the process; a test that is over asks for nothing more.
        std::thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let (script, tls) = (Arc::clone(&served), tls.clone());
                std::thread::spawn(move || connected(connection, tls, &script));
            }
        });
        Self {
            url: format!("{scheme}://localhost:{}", address.port()),
            address,
            authority,
            script,
        }
    }

    /// Its name, as its tokens write it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The certificate of the authority, in PEM.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.authority.as_deref().unwrap_or_default()
    }

    /// Announces one request for `path`.
    pub fn expect(&self, path: &str, answer: Answer) {
        self.script().once.push_back((asked(path, None), answer));
    }

    /// Announces any number of requests for `path`.
    pub fn always(&self, path: &str, answer: Answer) {
        self.script().always.push((asked(path, None), answer));
    }

    /// Announces one request for its description and one for its keys.
    pub fn publish(&self, keys: &[&SigningKey]) {
        self.expect(DISCOVERY, self.discovery());
        self.expect(KEYS, Self::keys(keys));
    }

    /// Its description.
    #[must_use]
    pub fn discovery(&self) -> Answer {
        let keys = format!("{}{KEYS}", self.url);
        Answer::json(&json!({"issuer": self.url, "jwks_uri": keys}))
    }

    /// `keys` as it publishes them.
    #[must_use]
    pub fn keys(keys: &[&SigningKey]) -> Answer {
        let keys: Vec<Json> = keys.iter().map(|key| key.published()).collect();
        Answer::json(&json!({"keys": keys}))
    }

    /// Makes tokens as GitHub Actions does, any number of times: gives the two variables of a job.
    #[must_use]
    pub fn github(&self, audience: &str, token: &str) -> [(&'static str, String); 2] {
        let answer = Answer::json(&json!({"count": token.len(), "value": token}));
        self.github_answering(audience, answer)
    }

    /// Answers as the service of GitHub Actions that makes tokens, any number of times: gives the two variables of a job.
    #[must_use]
    pub fn github_answering(&self, audience: &str, answer: Answer) -> [(&'static str, String); 2] {
        const BEARER: &str = "the-jobs-own-bearer";
        let path = format!("/idtoken?api-version=2.0&audience={audience}");
        let asked = asked(&path, Some(format!("Bearer {BEARER}")));
        self.script().always.push((asked, answer));
        [
            (
                "ACTIONS_ID_TOKEN_REQUEST_URL",
                format!("{}/idtoken?api-version=2.0", self.url),
            ),
            ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", BEARER.to_owned()),
        ]
    }

    /// The paths that were asked for so far.
    #[must_use]
    pub fn seen(&self) -> Vec<String> {
        self.script().seen.clone()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let script = self.script();
        assert!(
            script.problems.is_empty() && script.once.is_empty(),
            "at {}: {:?}; announced and not asked for: {:?}",
            self.address,
            script.problems,
            script.once
        );
    }
}

/// Where an issuer describes itself.
pub const DISCOVERY: &str = "/.well-known/openid-configuration";
/// Where this one's keys are.
pub const KEYS: &str = "/keys";

fn asked(path: &str, authorization: Option<String>) -> Asked {
    Asked {
        path: path.to_owned(),
        authorization,
    }
}

fn connected(connection: TcpStream, tls: Tls, script: &Mutex<Script>) {
    match tls {
        None => talk(connection, script),
        Some(config) => {
            // A client that does not trust the certificate hangs up; then there is no request.
            if let Ok(session) = rustls::ServerConnection::new(config) {
                talk(rustls::StreamOwned::new(session, connection), script);
            }
        }
    }
}

/// One request, one answer; then the connection ends.
fn talk(stream: impl Read + Write, script: &Mutex<Script>) {
    let mut stream = BufReader::new(stream);
    let Some(asked) = request(&mut stream) else {
        return;
    };
    let answer = script
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .answer(&asked);
    std::thread::sleep(answer.delay);
    let location = answer
        .location
        .map_or_else(String::new, |place| format!("location: {place}\r\n"));
    let head = format!(
        "HTTP/1.1 {} Scripted\r\ncontent-length: {}\r\n{location}connection: close\r\n\r\n",
        answer.status,
        answer.body.len()
    );
    // A client that gave up does not read this.
    let _ = stream.get_mut().write_all(head.as_bytes());
    let _ = stream.get_mut().write_all(&answer.body);
    let _ = stream.get_mut().flush();
}

fn request(stream: &mut BufReader<impl Read>) -> Option<Asked> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let path = line.strip_prefix("GET ")?.split(' ').next()?.to_owned();
    let mut authorization = None;
    loop {
        line.clear();
        stream.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(": ") else {
            return Some(Asked {
                path,
                authorization,
            });
        };
        if name.eq_ignore_ascii_case("authorization") {
            authorization = Some(value.to_owned());
        }
    }
}

/// A server's certificate for `localhost`, and the authority that signed it.
fn certificates() -> (Arc<rustls::ServerConfig>, String) {
    let own_key = || rcgen::KeyPair::generate().expect("a key");
    let mut authority = rcgen::CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_key = own_key();
    let authority = authority
        .self_signed(&authority_key)
        .expect("a certificate");
    let key = own_key();
    let server = rcgen::CertificateParams::new(vec!["localhost".to_owned()])
        .expect("parameters")
        .signed_by(&key, &authority, &authority_key)
        .expect("a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let private = rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions of TLS")
        .with_no_client_auth()
        .with_single_cert(vec![server.der().clone()], private.into())
        .expect("a certificate and its key");
    (Arc::new(config), authority.pem())
}
