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

impl Drop for Program {
    fn drop(&mut self) {
        // A test that failed must not leave a hub behind; one that passed has stopped it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
