//! A child cannot outstay its time, and says all it has to say.

use super::*;

fn environment() -> BTreeMap<OsString, OsString> {
    BTreeMap::from([("PATH".into(), "/usr/local/bin:/usr/bin:/bin".into())])
}

async fn run(
    script: &str,
    time: Duration,
    grace: Duration,
    cancelled: impl Future<Output = ()> + Send,
) -> (Outcome, String) {
    let environment = environment();
    let running = start(&Call {
        program: Path::new("/bin/sh"),
        arguments: vec!["-c".into(), script.into()],
        directory: PathBuf::from("/"),
        environment: &environment,
        timeout: time,
        grace,
    })
    .expect("sh is there");
    let mut said = Vec::new();
    let outcome = running
        .finish(&mut |piece| said.extend_from_slice(piece), cancelled)
        .await
        .expect("waited for");
    (outcome, String::from_utf8_lossy(&said).into_owned())
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn everything_it_says_arrives_and_stderr_is_bounded() {
    let script =
        "i=0; while [ $i -lt 3000 ]; do echo line $i; echo error $i >&2; i=$((i+1)); done; exit 3";
    let (outcome, said) = run(script, LONG, LONG, std::future::pending()).await;
    assert_eq!((outcome.code, outcome.stopped), (Some(3), None));
    assert!(!outcome.success());
    assert_eq!(said.lines().count(), 3000);
    assert!(outcome.stderr.ends_with("error 2999\n"));
    assert!(outcome.stderr.len() <= STDERR_KEPT);
}

#[tokio::test]
async fn its_environment_is_exactly_the_given_one() {
    let (_, said) = run("env", LONG, LONG, std::future::pending()).await;
    let mut names: Vec<&str> = said
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .filter(|name| !["PWD", "_", "SHLVL", "OLDPWD"].contains(name))
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["PATH"]);
}

#[tokio::test]
async fn a_cancelled_child_is_interrupted_once_and_may_finish_its_work() {
    let script = "trap 'echo interrupted' INT; echo up; n=0; while [ $n -lt 3 ]; do sleep 0.1; n=$((n+1)); done; exit 1";
    let (outcome, said) = run(
        script,
        LONG,
        LONG,
        tokio::time::sleep(Duration::from_millis(50)),
    )
    .await;
    assert_eq!(outcome.stopped, Some(Stopped::Cancelled));
    assert!(outcome.code.is_some(), "it ended by itself");
    assert!(said.matches("interrupted").count() <= 1);
}

#[tokio::test]
async fn a_child_whose_time_is_up_is_interrupted_twice_and_then_killed_with_its_children() {
    let script =
        "trap 'echo interrupted' INT; (trap '' INT; sleep 600) & while :; do sleep 0.02; done";
    let (outcome, said) = run(
        script,
        Duration::from_millis(300),
        Duration::from_millis(300),
        std::future::pending(),
    )
    .await;
    assert_eq!(outcome.stopped, Some(Stopped::TimedOut));
    assert_eq!(outcome.signal, Some(9));
    assert_eq!(said.matches("interrupted").count(), 2);
}

#[tokio::test]
async fn what_outlives_the_child_in_its_group_is_ended() {
    let directory = tempfile::tempdir().expect("a directory");
    let note = directory.path().join("pid");
    let script = format!("sleep 600 & echo $! > {}; exit 0", note.display());
    let (outcome, _) = run(
        &script,
        LONG,
        Duration::from_millis(200),
        std::future::pending(),
    )
    .await;
    assert!(outcome.success());
    let left: i32 = std::fs::read_to_string(note)
        .expect("noted")
        .trim()
        .parse()
        .expect("a number");
    // A zombie whose parent has not looked yet still has a number.
    let ended = || {
        std::fs::read_to_string(format!("/proc/{left}/stat"))
            .map_or(true, |stat| stat.contains(") Z "))
    };
    for _ in 0..100 {
        if ended() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("process {left} still runs");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_an_error_and_not_a_panic() {
    let environment = environment();
    let error = start(&Call {
        program: Path::new("/nowhere/terraform"),
        arguments: Vec::new(),
        directory: PathBuf::from("/"),
        environment: &environment,
        timeout: LONG,
        grace: LONG,
    })
    .expect_err("it is not there");
    assert!(
        error
            .to_string()
            .starts_with("cannot start `/nowhere/terraform`")
    );
}
