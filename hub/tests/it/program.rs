//! The hub as a program of its own, where the process is what is asked about.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::time::timeout;

use crate::harness::PATIENCE;

pub(crate) struct Program {
    pub(crate) process: Child,
    pub(crate) http: String,
    pub(crate) mqtt: String,
    folder: TempDir,
}

impl Program {
    /// Starts a hub with this configuration and log level and waits until it is ready.
    pub(crate) fn start(config: &str, level: &str, stderr: Stdio) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("test.toml");
        fs::write(&file, config).unwrap();
        let mut process = Command::new(env!("CARGO_BIN_EXE_messwerk"))
            .args(["serve", "--http", "127.0.0.1:0", "--mqtt", "127.0.0.1:0", "--data-dir"])
            .arg(folder.path().join("data"))
            .arg("--config")
            .arg(file)
            .env("RUST_LOG", level)
            .stdout(Stdio::piped())
            .stderr(stderr)
            .spawn()
            .unwrap();
        let mut ready = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut ready).unwrap();
        let ready: Value = serde_json::from_str(&ready).unwrap();
        let text = |name: &str| ready[name].as_str().unwrap().to_owned();
        Self { process, http: text("http"), mqtt: text("mqtt"), folder }
    }

    pub(crate) fn teacher(&self) -> String {
        let made = Command::new(env!("CARGO_BIN_EXE_messwerk"))
            .args(["token", "create", "--role", "teacher", "--data-dir"])
            .arg(self.folder.path().join("data"))
            .output()
            .unwrap();
        String::from_utf8(made.stdout).unwrap().lines().last().unwrap().to_owned()
    }

    pub(crate) fn data_dir(&self) -> std::path::PathBuf {
        self.folder.path().join("data")
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) async fn terminate(mut self) -> ExitStatus {
        let sent = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let ended = async {
            loop {
                if let Some(status) = self.process.try_wait().unwrap() {
                    return status;
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        timeout(PATIENCE, ended).await.expect("the hub ends in time")
    }
}

/// Runs a command of the program to its end: exit code, and what it wrote on stdout and stderr.
fn run(args: &[&str]) -> (i32, String, String) {
    let made = Command::new(env!("CARGO_BIN_EXE_messwerk")).args(args).env("LANG", "C").output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (made.status.code().unwrap(), text(made.stdout), text(made.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_beside_a_hub_know_where_it_listens() {
    let hub = Program::start("", "off", Stdio::null());
    let folder = hub.data_dir().to_str().unwrap().to_owned();
    let (_, told, _) = run(&["doctor", "--data-dir", &folder]);
    let web = hub.http.strip_prefix("http://").unwrap();
    assert!(told.contains(&format!("listens on {web} only")), "{told}");
    assert!(!told.contains("1883") && !told.contains("firewall") && !told.contains("Pages:"), "{told}");
    let (code, told, _) = run(&["password", "reset", "--data-dir", &folder]);
    let port = web.rsplit(':').next().unwrap();
    assert!(code == 0 && told.contains(&format!("http://localhost:{port}/setup#")) && !told.contains(":8080"), "{told}");
    // A folder that was mistyped is no hub's, and stays away.
    let typo = format!("{folder}-typo");
    let (code, told, error) = run(&["password", "reset", "--data-dir", &typo]);
    assert!(code == 1 && told.is_empty() && error.contains("check --data-dir"), "{told} {error}");
    assert!(!std::path::Path::new(&typo).exists());
    // A token may come before a hub's first start: the folder is made, and that is said.
    let (code, told, error) = run(&["token", "create", "--role", "teacher", "--data-dir", &typo]);
    assert!(code == 0 && !told.trim().is_empty() && error.contains("check --data-dir"), "{told} {error}");
    // Somebody else's port.
    let other = tempfile::tempdir().unwrap();
    let serve = |http: &str| run(&["serve", "--data-dir", other.path().to_str().unwrap(), "--mqtt", "127.0.0.1:0", "--http", http]);
    let (code, _, error) = serve(web);
    assert!(code == 1 && error.contains("another program listens there"), "{error}");
    let (code, _, error) = serve("192.0.2.1:18080");
    assert!(code == 1 && error.contains("no address 192.0.2.1") && error.contains("--http 0.0.0.0:18080"), "{error}");
    let (code, _, error) = serve("0.0.0.0");
    assert!(code == 2 && error.contains("write 0.0.0.0:8080"), "{error}");
    assert!(hub.terminate().await.success());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_hub_that_crashed_has_left_is_not_believed() {
    let mut hub = Program::start("", "off", Stdio::null());
    let (folder, web) = (hub.data_dir(), hub.http.strip_prefix("http://").unwrap().to_owned());
    let config = folder.join("other.toml");
    fs::write(&config, "http = \"127.0.0.1:9\"\nmqtt = \"127.0.0.1:19\"").unwrap();
    let (folder_name, config) = (folder.to_str().unwrap(), config.to_str().unwrap());
    // A file that is named comes before a hub that runs.
    let (_, told, _) = run(&["doctor", "--data-dir", folder_name, "--config", config]);
    assert!(told.contains("127.0.0.1:9") && !told.contains(&web), "{told}");
    hub.process.kill().unwrap();
    hub.process.wait().unwrap();
    assert!(folder.join("running.json").exists(), "it had no time to take it away");
    let (code, told, _) = run(&["password", "reset", "--data-dir", folder_name]);
    assert!(code == 0 && told.contains("No hub runs") && told.contains(":8080/setup#"), "{told}");
    fs::write(folder.join("messwerk.toml"), "http = \"127.0.0.1:9\"\nmqtt = \"127.0.0.1:19\"").unwrap();
    let (_, told, _) = run(&["doctor", "--data-dir", folder_name]);
    assert!(told.contains("127.0.0.1:9") && !told.contains(&web), "{told}");
}

#[test]
fn config_check_refuses_what_serve_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("test.toml");
    let data = folder.path().join("data");
    for (text, expected) in [
        ("[tls]\ncert = \"a.pem\"", "belong together"),
        ("[tls]\ncert = \"a.pem\"\nkey = \"b.pem\"\nlocal = true", "--tls local"),
        ("[tls]\ncert = \"/nowhere/a.pem\"\nkey = \"/nowhere/b.pem\"", "/nowhere/a.pem: cannot be read"),
        ("[wifi]\nssid = \"x\"\npassword = \"kurz\"", "wifi.password has 4 characters"),
        ("mqtt = \"0.0.0.0\"", "write 0.0.0.0:8080"),
        ("http = \"127.0.0.1:9\"\nmqtt = \"127.0.0.1:9\"", "choose two ports"),
    ] {
        fs::write(&file, text).unwrap();
        let path = file.to_str().unwrap();
        for command in [&["config", "check", path][..], &["serve", "--data-dir", data.to_str().unwrap(), "--config", path]] {
            let (code, told, error) = run(command);
            assert!(code == 1 && told.is_empty() && error.contains(expected), "{text} {command:?}: {told} {error}");
        }
    }
    fs::write(&file, "[wifi]\nssid = \"x\"\npassword = \"long enough\"").unwrap();
    assert_eq!(run(&["config", "check", file.to_str().unwrap()]).0, 0);
}

impl Drop for Program {
    fn drop(&mut self) {
        // A test that failed must not leave a hub behind; one that passed has stopped it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
