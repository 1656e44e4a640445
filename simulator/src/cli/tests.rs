use clap::CommandFactory as _;
use messwerk_simulator::class::{self, ClassOptions};
use messwerk_simulator::export::{PAYLOAD_LINE, RECORDED_LINE};
use serde_json::{Value, json};

use super::*;

fn written(outcome: Result<Report>, known: Report) -> (Result<bool>, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let ended = finish(outcome, known, Some(&file));
    (ended, serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap())
}

#[tokio::test]
async fn a_hub_that_is_not_there_leaves_a_report() {
    // A port that was free a moment ago.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let options = ClassOptions { hub: format!("http://{address}"), token: Some("token".to_owned()), ..Default::default() };
    let outcome = class::run(options, stopper().1, |_| {}).await;
    let truth = ClassOptions::default().known_truth();
    let (ended, report) = written(outcome, Report { things: 30, truth, ..Default::default() });
    assert!(ended.is_err());
    for key in ["sent", "acknowledged", "lost", "rejected"] {
        assert_eq!(report[key], 0, "{key}");
    }
    assert_eq!((&report["things"], &report["stored"]), (&json!(30), &Value::Null));
    assert_eq!((&report["truth"], &report["outcomes"]), (&json!({"g": 9.81}), &json!({})));
    assert!(report["error"].as_str().unwrap().contains("no answer from http://127.0.0.1"), "{report}");
}

#[test]
fn a_run_that_failed_ends_so() {
    let fine = Report { sent: 3, acknowledged: 3, stored: Some(3), ..Default::default() };
    let (ended, report) = written(Ok(fine.clone()), Report::default());
    assert_eq!((ended.unwrap(), &report["stored"], report.get("error")), (true, &json!(3), None));
    let (ended, report) = written(Ok(Report { lost: 1, ..fine }), Report::default());
    assert_eq!((ended.unwrap(), &report["lost"]), (false, &json!(1)));
}

#[test]
fn the_help_shows_what_a_line_looks_like() {
    let mut cli = Cli::command();
    let help = cli.find_subcommand_mut("replay").unwrap().render_long_help().to_string();
    assert!(help.contains(RECORDED_LINE) && help.contains(PAYLOAD_LINE), "{help}");
}
