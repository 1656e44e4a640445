use super::*;

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[test]
fn both_streams_are_seen_and_failure_is_told() {
    let check = |script: &str, succeeded: bool, expected: &[&str]| {
        let mut seen = Vec::new();
        assert_eq!(run_seen(&mut shell(script), |line| seen.push(line.to_owned())).unwrap(), succeeded, "{script}");
        seen.sort();
        assert_eq!(seen, expected, "{script}");
    };
    check("echo one; echo two >&2", true, &["one", "two"]);
    check("echo one; exit 3", false, &["one"]);
    check("printf 'caf\\351\\nlast'", true, &["caf\u{fffd}", "last"]);
}

#[test]
fn errors_name_the_command_and_what_it_said() {
    let error = output(&mut shell("echo no room >&2; exit 1")).unwrap_err().to_string();
    assert!(error.contains("sh -c") && error.contains("no room"), "{error}");
    let error = run(&mut Command::new("/no/such/program-of-ours")).unwrap_err().to_string();
    assert!(error.contains("cannot start `program-of-ours`"), "{error}");
}

#[test]
fn a_running_child_is_asked_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("stopped");
    let script = format!("trap 'echo yes > {}; exit 0' TERM; echo ready; while :; do sleep 0.01; done", mark.display());
    let mut child = Running::start(shell(&script).stdout(Stdio::piped())).unwrap();
    let mut ready = String::new();
    BufReader::new(child.0.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    assert_eq!((ready.as_str(), child.is_running()), ("ready\n", true));
    drop(child);
    assert_eq!(std::fs::read_to_string(mark).unwrap(), "yes\n");
}

#[test]
fn what_takes_too_long_is_ended() {
    assert!(succeeds_within(&mut shell("exit 0"), Duration::from_secs(20)));
    assert!(!succeeds_within(&mut shell("exit 1"), Duration::from_secs(20)));
    assert!(!succeeds_within(&mut shell("exec sleep 600"), Duration::from_millis(50)));
}

#[test]
fn what_hangs_is_ended_with_what_it_started_and_has_been_heard() {
    let mut seen = Vec::new();
    let mut within = |script: &str, limit| {
        seen.clear();
        let error = run_seen_within(&mut shell(script), limit, |line| seen.push(line.to_owned())).unwrap_err().to_string();
        (error, seen.join(" "))
    };
    let (error, heard) = within("sleep 600 & echo $!; wait", Duration::from_millis(300));
    assert!(error.contains("took more than 0.3 s"), "{error}");
    // It may wait for a burial that its new parent is in no hurry with.
    let state = output(Command::new("ps").args(["-o", "stat=", "-p", &heard])).unwrap_or_default();
    assert!(state.is_empty() || state.starts_with('Z'), "{heard} still runs: {state}");
    // Its parent is gone, and it holds the output: the reader's end must not be that of the night.
    let (error, heard) = within("sleep 20 & echo left", Duration::from_secs(600));
    assert!(error.contains("left a program behind") && heard == "left", "{error} {heard}");
}
