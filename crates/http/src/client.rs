//! The client: short answers to GET over TLS, or from this very host. The edge to the network.
//!
//! Every request has a deadline and a limit of bytes. A redirect is followed only within the origin that was asked.

use std::{
    sync::{Once, OnceLock},
    time::Duration,
};

use reqwest::{Client, Response, Url, redirect};

use thiserror::Error;

use crate::{
    address::is_loopback,
    redact::{Secret, shown},
};

/// How often a request is made whose answer says that it may work a moment later.
const ATTEMPTS: u32 = 3;
/// How long is waited before the second attempt; twice as long before the third.
const PAUSE: Duration = Duration::from_millis(200);
/// How many redirects are followed.
const MOST_REDIRECTS: usize = 3;

/// One thing to ask for.
#[derive(Debug)]
pub struct Request<'a> {
    /// What it is, for messages.
    pub what: &'static str,
    /// Where it is.
    pub url: &'a Url,
    /// What to show.
    pub bearer: Option<&'a Secret>,
    /// How long the answer may be, in bytes.
    pub limit: usize,
}

impl Request<'_> {
    /// What to say of this request where its answer is of no use because of `cause`.
    #[must_use]
    pub fn failed(&self, cause: &str) -> RequestError {
        RequestError {
            host: self.url.host_str().unwrap_or_default().to_owned(),
            what: self.what,
            cause: cause.to_owned(),
        }
    }
}

/// A request had no useful answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("while asking {host} for {what}: {cause}")]
pub struct RequestError {
    /// Whom was asked; never a whole address, which may hold secrets.
    pub host: String,
    /// For what.
    pub what: &'static str,
    /// What went wrong.
    pub cause: String,
}

/// Makes requests. Costs nothing until the first.
#[derive(Debug)]
pub struct Http {
    user_agent: &'static str,
    deadline: Duration,
    elsewhere: OnceLock<Client>,
    here: OnceLock<Client>,
}

/// Why there is no answer, and whether asking again may help.
struct Trouble {
    cause: String,
    passing: bool,
}

impl Http {
    /// Each request, its body included, has `deadline`, and says that it comes from `user_agent`.
    #[must_use]
    pub fn new(user_agent: &'static str, deadline: Duration) -> Self {
        Self {
            user_agent,
            deadline,
            elsewhere: OnceLock::new(),
            here: OnceLock::new(),
        }
    }

    /// The body of the answer.
    ///
    /// # Errors
    /// There is none, or one that does not say success, or a longer one than allowed.
    pub async fn get(&self, request: &Request<'_>) -> Result<Vec<u8>, RequestError> {
        let mut attempt = 1;
        loop {
            match self.once(request).await {
                Ok(body) => return Ok(body),
                Err(trouble) if trouble.passing && attempt < ATTEMPTS => {
                    tracing::debug!(what = request.what, cause = trouble.cause, "asking again");
                    tokio::time::sleep(PAUSE * attempt).await;
                    attempt += 1;
                }
                Err(trouble) => {
                    return Err(request.failed(&trouble.cause));
                }
            }
        }
    }

    async fn once(&self, request: &Request<'_>) -> Result<Vec<u8>, Trouble> {
        let client = self.client(request.url)?;
        let mut call = client.get(request.url.clone());
        if let Some(bearer) = request.bearer {
            call = call.bearer_auth(bearer.expose());
        }
        let response = call
            .header("accept", "application/json")
            .send()
            .await
            .map_err(|error| trouble(&error))?;
        let status = response.status();
        if !status.is_success() {
            return Err(Trouble {
                cause: format!("the answer was {status}"),
                passing: status.is_server_error() || status.as_u16() == 429,
            });
        }
        body(response, request.limit).await
    }

    /// No proxy stands between this host and itself.
    fn client(&self, url: &Url) -> Result<&Client, Trouble> {
        let here = is_loopback(url);
        let slot = if here { &self.here } else { &self.elsewhere };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        init_tls();
        let within_origin = redirect::Policy::custom(|attempt| {
            let asked = attempt.previous().first().map(Url::origin);
            if MOST_REDIRECTS < attempt.previous().len() {
                attempt.error("it was redirected again and again")
            } else if asked == Some(attempt.url().origin()) {
                attempt.follow()
            } else {
                attempt.error("it was redirected to another origin")
            }
        });
        let builder = Client::builder()
            .user_agent(self.user_agent)
            .timeout(self.deadline)
            .redirect(within_origin)
            .referer(false);
        let builder = if here {
            builder.no_proxy()
        } else {
            builder.https_only(true)
        };
        let client = builder.build().map_err(|error| trouble(&error))?;
        Ok(slot.get_or_init(|| client))
    }
}

/// Makes ring the cryptography of TLS in the whole process, which reqwest needs. Again is harmless.
fn init_tls() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // Refused only if there is one already, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, Trouble> {
    let mut body = Vec::new();
    while let Some(part) = response.chunk().await.map_err(|error| trouble(&error))? {
        if limit < body.len() + part.len() {
            return Err(Trouble {
                cause: format!("the answer is longer than {limit} bytes"),
                passing: false,
            });
        }
        body.extend_from_slice(&part);
    }
    Ok(body)
}

/// `error` with its innermost cause, and without the address, which may hold secrets.
fn trouble(error: &reqwest::Error) -> Trouble {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let cause = if error.is_timeout() {
        "there was no answer in time".to_owned()
    } else {
        shown(&cause.to_string())
    };
    Trouble {
        cause,
        passing: error.is_connect(),
    }
}
