//! `explain`: who made it, which rule decides over it now and why, what was done to it, and whether that chain can be
//! trusted.
//!
//! It observes what a sweep would observe, asks the judge what a sweep would ask, and changes nothing.

use ledger::{
    clock::{Timestamp, rfc3339},
    environment::Environment,
    fact::{Fact, Facts, Observed},
    judge::{Decision, Verdict, judge},
};

use super::{Session, render, runs};
use crate::{
    cli::NamedArgs,
    event_chain::{self, EventChains},
    exit::ExitStatus,
    failure::Failure,
    json::{EventJson, document::ExplainJson, run::RunJson},
    lookup::{self, Found, Target},
    observe,
    table::{Cell, Table, Tone},
};

/// What was observed of an environment, and what follows from it.
struct Judged {
    facts: Facts,
    decision: Decision,
}

/// Explains.
///
/// # Errors
/// If nothing or more than one is named, or the ledger cannot be read.
pub async fn run(session: &Session, args: &NamedArgs) -> Result<ExitStatus, Failure> {
    let found = lookup::find(session.world.book.as_ref(), &args.selector).await?;
    let reading = session.world.reading().await?;
    let chains = event_chain::of(session.world.book.as_ref(), &found.subject()).await?;
    let known = runs::known(session).await?;
    let of_it = runs::of(&known, &found.target);
    let judged = match &found.target {
        Target::Environment(environment, _) => {
            let facts = observe::facts(
                session.world.sources.as_ref(),
                environment,
                &known,
                reading.now,
            )
            .await;
            let decision = judge(
                environment,
                &facts,
                &session.world.config.policy,
                reading.now,
            );
            Some(Judged { facts, decision })
        }
        Target::Lease(_) => None,
    };
    render::say_which(&session.screen, &found);
    if session.screen.json {
        let (environment, lease) = render::record(&found, reading.now);
        let document = ExplainJson {
            environment,
            lease,
            runs: of_it
                .iter()
                .map(|run| RunJson::of(run, reading.now))
                .collect(),
            facts: judged.as_ref().map(|judged| (&judged.facts).into()),
            decision: judged.as_ref().map(|judged| (&judged.decision).into()),
            events: chains.events.iter().map(EventJson::from).collect(),
            chain: chains.json(),
        };
        session.document(&reading, document)?;
    } else {
        let mut text = in_words(session, &found, judged.as_ref(), &chains, reading.now);
        if let Some(table) = runs::table(&session.screen, &of_it, reading.now) {
            text.push_str(&format!("\n\nRuns\n{table}"));
        }
        session.screen.data(&text)?;
    }
    Ok(status(&found.target, judged.as_ref(), &chains))
}

fn status(target: &Target, judged: Option<&Judged>, chains: &EventChains) -> ExitStatus {
    if !chains.broken.is_empty() {
        return ExitStatus::Failed;
    }
    let lives = matches!(target, Target::Environment(environment, _) if !environment.is_over());
    let blind = judged.is_some_and(|judged| {
        matches!(judged.facts.state.answer, Observed::Unreadable(_))
            || !judged.facts.state.complete
            || matches!(judged.facts.run.answer, Observed::Unreadable(_))
    });
    if lives && blind {
        return ExitStatus::Blind;
    }
    ExitStatus::Clean
}

fn in_words(
    session: &Session,
    found: &Found,
    judged: Option<&Judged>,
    chains: &EventChains,
    now: Timestamp,
) -> String {
    let screen = &session.screen;
    let mut parts = Vec::new();
    match &found.target {
        Target::Environment(environment, _) => {
            parts.push(format!(
                "{} generation {} ({})",
                environment.name, environment.generation, environment.id
            ));
            parts.push(format!("Who\n{}", who(session, environment)));
        }
        Target::Lease(lease) => {
            parts.push(lease.id.to_string());
            parts.push(format!("What\n{}", render::lease_table(screen, lease, now)));
        }
    }
    if let Some(Judged { facts, decision }) = judged {
        parts.push(format!("Observed facts\n{}", observed(session, facts)));
        parts.push(format!(
            "Decision\n{}\n{}",
            verdict(decision),
            derivation(session, decision)
        ));
    }
    if let Target::Environment(environment, _) = &found.target {
        parts.push(format!(
            "History\n{}\n{}",
            crate::table::clean(&render::lifecycle(&environment.lifecycle, now)),
            evidence(session, environment, chains)
        ));
    } else {
        parts.push(format!(
            "History\n{}",
            render::event_table(screen, &chains.events)
        ));
    }
    parts.push(chain(chains));
    parts.join("\n\n")
}

fn who(session: &Session, environment: &Environment) -> Table {
    let mut table = Table::new(&session.screen, &[]);
    table.fact("created by", environment.created_by.to_string());
    table.fact("owner", &environment.owner);
    table.maybe("team", environment.team.as_deref());
    table.maybe("project", environment.project.as_deref());
    table.maybe("change request", environment.change_request.as_ref());
    table
}

fn observed(session: &Session, facts: &Facts) -> Table {
    let mut table = Table::new(&session.screen, &["fact", "answer", "value", "source"]);
    let state = match facts.state.seen() {
        Some(state) => format!(
            "serial {}, {}, {}, lineage {}",
            state.serial,
            render::count(
                usize::try_from(state.instances).unwrap_or(usize::MAX),
                "managed instance"
            ),
            render::count(state.markers.len(), "marker"),
            state.lineage
        ),
        None => String::new(),
    };
    row(&mut table, "state", &facts.state, state);
    row(
        &mut table,
        "change request",
        &facts.change_request,
        String::new(),
    );
    let run = facts.run.seen().map_or_else(String::new, |run| {
        format!(
            "{}, last sign of life at {}, which counts until {}",
            run.run,
            rfc3339(run.renewed_at),
            rfc3339(run.alive_until)
        )
    });
    row(&mut table, "run", &facts.run, run);
    let used = match facts.activity.answer {
        Observed::Known(used) => format!("last known use at {}", rfc3339(used)),
        Observed::Absent | Observed::Unreadable(_) => String::new(),
    };
    row(&mut table, "activity", &facts.activity, used);
    table
}

fn row<T>(table: &mut Table, name: &str, fact: &Fact<T>, known: String) {
    let (answer, what) = match &fact.answer {
        Observed::Known(_) if !fact.complete && known.is_empty() => (
            Cell::new("incomplete", Tone::Warn),
            "not read completely".to_owned(),
        ),
        Observed::Known(_) if !fact.complete => (Cell::from("incomplete"), known),
        Observed::Known(_) => (Cell::from("known"), known),
        Observed::Absent => (Cell::new("absent", Tone::Dim), String::new()),
        Observed::Unreadable(cause) => (Cell::new("unreadable", Tone::Warn), cause.to_string()),
    };
    table.row([
        Cell::from(name),
        answer,
        Cell::from(what),
        Cell::from(&fact.source),
    ]);
}

fn verdict(decision: &Decision) -> String {
    crate::table::clean(&format!(
        "{} by the rule `{}`: {}",
        decision.verdict, decision.rule, decision.because
    ))
}

/// Every rule that was asked, in order. Those after the one that decided were not.
fn derivation(session: &Session, decision: &Decision) -> Table {
    let mut table = Table::new(&session.screen, &["rule", "says", "because"]);
    for finding in &decision.derivation {
        let says = match finding.verdict {
            None => Cell::new("passes", Tone::Dim),
            Some(verdict @ Verdict::Destroy) => Cell::new(verdict.as_str(), Tone::Bad),
            Some(verdict @ (Verdict::Warn | Verdict::Review)) => {
                Cell::new(verdict.as_str(), Tone::Warn)
            }
            Some(verdict) => Cell::new(verdict.as_str(), Tone::Good),
        };
        table.row([
            Cell::from(finding.rule.as_str()),
            says,
            Cell::from(&finding.because),
        ]);
    }
    table
}

/// The events; and, where it was destroyed, what the proof names.
fn evidence(session: &Session, environment: &Environment, chains: &EventChains) -> String {
    let events = render::event_table(&session.screen, &chains.events).to_string();
    let ledger::environment::Lifecycle::Destroyed { evidence, .. } = &environment.lifecycle else {
        return events;
    };
    let mut table = Table::new(&session.screen, &[]);
    table.fact("lineage", &evidence.lineage);
    table.fact(
        "serial",
        format!(
            "{} before, {} after",
            evidence.serial_before, evidence.serial_after
        ),
    );
    table.fact("strategy", &evidence.strategy);
    table.fact("deleted", evidence.deleted.join(", "));
    table.fact(
        "terraform's events",
        evidence
            .events_sha256
            .as_ref()
            .map_or_else(String::new, |sha256| format!("SHA-256 {sha256}")),
    );
    format!("{events}\n\nEvidence\n{table}")
}

fn chain(chains: &EventChains) -> String {
    let events = render::count(chains.events.len(), "event");
    if chains.broken.is_empty() {
        let last = chains.events.last().map_or("", |event| event.hash.as_str());
        return format!("Chain\n{events}, nothing is broken; the last hash is {last}");
    }
    let breaks: Vec<String> = chains
        .broken
        .iter()
        .map(|broken| format!("broken: {}", crate::table::clean(&broken.found)))
        .collect();
    format!("Chain\n{}", breaks.join("\n"))
}
