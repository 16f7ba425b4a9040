//! From a place where a token can be had to an identity: get it, find the issuer's keys, check everything.

use std::{path::Path, time::Duration};

use http::{Http, Request, Secret};
use ledger::{clock::Clock, identity::Identity};
use serde::Deserialize;

use crate::{
    Trust, Variable, Who,
    cache::{self, Age, KeyCache},
    claims,
    issuer::TrustedIssuer,
    keys::KeySet,
    problem::{InvalidToken, Problem, Unchecked},
    source::{self, GITHUB, Source},
    subject,
    token::{self, Token},
};

/// How long an answer with a token, or a discovery document, may be, in bytes.
const MOST_DOCUMENT: usize = 64 * 1024;
/// How long a set of keys may be, in bytes.
const MOST_KEYS: usize = 256 * 1024;

/// How long is waited.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For one answer.
    pub request: Duration,
    /// For everything.
    pub whole: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            request: Duration::from_secs(5),
            whole: Duration::from_secs(15),
        }
    }
}

/// The world outside: what the process was started with, what time it is, and how long is waited.
#[derive(Clone, Copy)]
pub struct Edge<'a> {
    /// The variables of the process.
    pub variable: Variable<'a>,
    /// The directory that a relative path begins at.
    pub root: &'a Path,
    /// Where the user's programs keep what can be had again.
    pub cache_home: &'a Path,
    /// Who asks, as HTTP says it.
    pub user_agent: &'static str,
    /// By which clock a token expires.
    pub clock: &'a dyn Clock,
    /// How long is waited.
    pub patience: Patience,
}

/// Who runs this: `claimed`, unless a token says more. Where no token can be had, nothing is read or asked.
///
/// # Errors
/// There is a token that must not be believed.
pub async fn establish(
    trust: &Trust,
    claimed: Identity,
    edge: Edge<'_>,
) -> Result<Who, InvalidToken> {
    let claimed = Who::claimed(claimed);
    if trust.issuers.is_empty() {
        return Ok(claimed);
    }
    let outcome = match source::candidates(trust, edge.root, edge.variable) {
        Ok(sources) if sources.is_empty() => return Ok(claimed),
        Err(problem) => Err(problem.into()),
        Ok(sources) => {
            let checked = tokio::time::timeout(edge.patience.whole, verified(trust, edge, sources));
            let seconds = edge.patience.whole.as_secs();
            let late = |_| Err(Unchecked::Late { seconds }.into());
            checked.await.unwrap_or_else(late)
        }
    };
    match outcome {
        Ok(Some(who)) => {
            tracing::info!(identity = %who.identity, "the identity is verified");
            Ok(who)
        }
        Ok(None) => Ok(claimed),
        Err(Problem::Invalid(problem)) => Err(problem),
        Err(Problem::Unchecked(doubt)) => Ok(Who {
            doubt: Some(doubt),
            ..claimed
        }),
    }
}

/// Whom the first token that can be had proves; `None` if there is none.
async fn verified(
    trust: &Trust,
    edge: Edge<'_>,
    sources: Vec<Source>,
) -> Result<Option<Who>, Problem> {
    let http = Http::new(edge.user_agent, edge.patience.request);
    let mut had = None;
    for source in sources {
        had = obtain(source, &http).await?;
        if had.is_some() {
            break;
        }
    }
    let Some(text) = had else { return Ok(None) };
    let token = Token::parse(text)?;
    // Said, not proven: enough to refuse, and to know whose keys to ask for.
    let issuer = claims::issuer(&token.claims, &trust.issuers)?;
    claims::check(&token.claims, &trust.audience, edge.clock.now())?;
    let keys = keys_for(&token, issuer, &http, edge).await?;
    let proven = keys.verify(&token, issuer)?;
    claims::issuer(&proven, std::slice::from_ref(issuer))?;
    claims::check(&proven, &trust.audience, edge.clock.now())?;
    Ok(Some(subject::who(issuer, &proven)?))
}

/// The token of a place; `None` if the place has none.
async fn obtain(source: Source, http: &Http) -> Result<Option<Secret>, Problem> {
    match source {
        Source::File(path) => {
            let shown = path.display().to_string();
            // It may lie on a network, and one thread serves everything here.
            let read = tokio::task::spawn_blocking(move || read(&path)).await;
            let lost = |gone: tokio::task::JoinError| {
                Err(InvalidToken::Unreadable {
                    path: shown,
                    cause: gone.to_string(),
                })
            };
            Ok(read.unwrap_or_else(lost)?)
        }
        Source::Variable(token) => Ok(Some(token)),
        Source::GitHub { url, bearer } => {
            #[derive(Deserialize)]
            struct Answer {
                value: String,
            }
            let request = Request {
                what: GITHUB,
                url: &url,
                bearer: Some(&bearer),
                limit: MOST_DOCUMENT,
            };
            let body = http.get(&request).await.map_err(Unchecked::from)?;
            let answer: Answer = serde_json::from_slice(&body)
                .map_err(|_| Unchecked::from(request.failed("the answer has no `value`")))?;
            Ok(Some(Secret::new(&answer.value)))
        }
    }
}

/// The token in a file; `None` if there is no such file.
#[expect(
    clippy::disallowed_methods,
    reason = "a token is handed over in a file"
)]
fn read(path: &Path) -> Result<Option<Secret>, InvalidToken> {
    use std::io::{ErrorKind, Read as _};
    let unreadable = |cause: std::io::Error| InvalidToken::Unreadable {
        path: path.display().to_string(),
        cause: cause.to_string(),
    };
    // Asked before it is opened: the opening of a pipe without a writer never ends.
    match std::fs::metadata(path) {
        Ok(found) if !found.is_file() => {
            let cause = std::io::Error::other("it is not a regular file");
            return Err(unreadable(cause));
        }
        _ => {}
    }
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    let mut text = String::new();
    // One byte more than a token may have, so that a longer one is seen to be longer.
    let most = u64::try_from(token::MOST_BYTES).unwrap_or(u64::MAX);
    file.take(most.saturating_add(1))
        .read_to_string(&mut text)
        .map_err(unreadable)?;
    Ok(Some(Secret::new(&text)))
}

/// The keys to check `token` with: kept ones while they are fresh and know its key, else the issuer's own, else kept
/// ones that are a little older.
async fn keys_for(
    token: &Token,
    issuer: &TrustedIssuer,
    http: &Http,
    edge: Edge<'_>,
) -> Result<KeySet, Unchecked> {
    let cache = KeyCache::below(edge.cache_home);
    let now = edge.clock.now();
    let kept = cache
        .load(issuer)
        .map(|kept| (cache::age(kept.at, now), kept.keys))
        .filter(|(age, keys)| *age != Age::Over && keys.knows(&token.key));
    if let Some((Age::Fresh, keys)) = kept {
        return Ok(keys);
    }
    match (published(issuer, http).await, kept) {
        (Ok((keys, body)), _) => {
            cache.store(issuer, &body, now);
            Ok(keys)
        }
        (Err(problem), Some((_, keys))) => {
            tracing::warn!(%problem, "kept keys are used, because the issuer cannot be asked");
            Ok(keys)
        }
        (Err(problem), None) => Err(problem),
    }
}

/// The keys the issuer publishes now, read and as they came.
async fn published(issuer: &TrustedIssuer, http: &Http) -> Result<(KeySet, Vec<u8>), Unchecked> {
    let request = Request {
        what: "its discovery document",
        url: issuer.discovery(),
        bearer: None,
        limit: MOST_DOCUMENT,
    };
    let document = http.get(&request).await?;
    let place = issuer
        .keys_at(&document)
        .map_err(|cause| request.failed(cause))?;
    let request = Request {
        what: "its keys",
        url: &place,
        bearer: None,
        limit: MOST_KEYS,
    };
    let body = http.get(&request).await?;
    let keys = KeySet::parse(&body).ok_or_else(|| request.failed("the answer holds no keys"))?;
    Ok((keys, body))
}
