//! `messwerk template`: templates made, checked, tested and packed without a hub.

mod folder;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use messwerk_lessons::bundle::{self, Bundle, FixtureReport, run_fixture};
use messwerk_lessons::template::{Finding, Level};
use serde_json::json;

use self::folder::{read, write_new};
use crate::shelf::{starter, trust};

/// What can be done with templates.
#[derive(Debug, Subcommand)]
pub(super) enum TemplateCommand {
    /// Make a folder with a small template that is right, to be changed piece by piece.
    New {
        /// Its name: lower-case letters, digits, `-` and `_`. The folder is made here and called so.
        name: PathBuf,
    },
    /// Check a template: line, key, what is wrong and what to do. Fails if there is an error.
    Lint(Which),
    /// Run a template's fixtures and show what was expected and what came out. Fails if they differ.
    Test(Which),
    /// Make one file of a folder, to be imported elsewhere. Fails, and writes nothing, if the template has errors.
    Pack {
        /// The template's folder, or a .lesson file.
        template: PathBuf,
        /// The file; without it NAME-VERSION.lesson in this folder.
        #[arg(long, short)]
        output: Option<PathBuf>,
        /// Write the listing that minisign signs to this file instead: `minisign -S -m LISTING -x FOLDER/lesson.minisig`.
        #[arg(long, conflicts_with = "output")]
        listing: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(super) struct Which {
    /// The template's folder, or a .lesson file.
    template: PathBuf,
    /// Print JSON for programs instead of lines for people.
    #[arg(long)]
    json: bool,
}

/// Runs a command to its end; the exit code is 1 if the template is not right.
pub(super) fn run(command: &TemplateCommand) -> anyhow::Result<ExitCode> {
    match command {
        TemplateCommand::New { name } => new(name),
        TemplateCommand::Lint(which) => lint(which),
        TemplateCommand::Test(which) => test(which),
        TemplateCommand::Pack { template, output, listing } => pack(template, output.as_deref(), listing.as_deref()),
    }
}

fn say(text: &str) -> anyhow::Result<()> {
    super::answer(&format!("{text}\n"))
}

fn code(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn new(path: &Path) -> anyhow::Result<ExitCode> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let files = starter::files(name).with_context(|| {
        format!("{name:?} can be no template's name: begin with a letter a to z, then letters, digits, - and _; at most 32")
    })?;
    let files = files.bytes().map_err(|problem| anyhow::anyhow!(problem.detail))?;
    write_new(path, &files)?;
    say(&format!("{} is made. Change it piece by piece, and look with: messwerk template lint {0}", path.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// A folder or file as a template, or the sentence that says why it is none.
fn open(path: &Path) -> anyhow::Result<Bundle> {
    let bundle = if path.is_dir() {
        Bundle::from_files(read(path)?)
    } else {
        let bytes = folder::read_file(path, bundle::MOST_BYTES as u64 + (1 << 20))?;
        Bundle::from_zip(&bytes)
    };
    bundle.with_context(|| path.display().to_string())
}

/// A finding with the path as this shell knows it, so that editors and terminals lead there.
fn located(template: &Path, finding: &Finding) -> String {
    let level = match finding.level {
        Level::Error => "error",
        Level::Warning => "warning",
        _ => "hint",
    };
    let file = if template.is_dir() {
        template.join(&finding.file).display().to_string()
    } else {
        format!("{}/{}", template.display(), finding.file)
    };
    let place = if finding.line > 0 { format!("{file}:{}:{}", finding.line, finding.column) } else { file };
    let key = if finding.key.is_empty() { String::new() } else { format!("{}: ", finding.key) };
    format!("{place}: {level}: {key}{}\n    {}", finding.text.en, finding.fix.en)
}

fn count(number: usize, one: &str) -> String {
    format!("{number} {one}{}", if number == 1 { "" } else { "s" })
}

fn lint(which: &Which) -> anyhow::Result<ExitCode> {
    let bundle = open(&which.template)?;
    let findings = bundle::lint(&bundle);
    let errors = findings.iter().filter(|finding| finding.level == Level::Error).count();
    if which.json {
        say(&json!({"errors": errors, "findings": findings, "sha256": bundle.sha256()}).to_string())?;
        return Ok(code(errors == 0));
    }
    for finding in &findings {
        say(&located(&which.template, finding))?;
    }
    let rest = findings.len() - errors;
    say(&match (errors, rest) {
        (0, 0) => format!("{} is in order", which.template.display()),
        (0, rest) => format!("{} can be used; {}", which.template.display(), count(rest, "remark")),
        (errors, _) => format!("{}: {} to mend", which.template.display(), count(errors, "error")),
    })?;
    Ok(code(errors == 0))
}

fn test(which: &Which) -> anyhow::Result<ExitCode> {
    let bundle = open(&which.template)?;
    bundle.template().with_context(|| format!("{}: mend its plan first (messwerk template lint)", which.template.display()))?;
    let reports: Vec<FixtureReport> = bundle.fixtures().into_iter().map(|name| run_fixture(&bundle, name)).collect();
    let failed = reports.iter().filter(|report| !report.passed).count();
    let good = failed == 0 && !reports.is_empty();
    if which.json {
        say(&json!({"passed": good, "fixtures": reports}).to_string())?;
        return Ok(code(good));
    }
    for report in &reports {
        say(&format!("{} {}", if report.passed { "ok    " } else { "FAILED" }, report.name))?;
        for check in &report.checks {
            let sign = if check.passed { ' ' } else { '!' };
            say(&format!("  {sign} {}: expected {}, found {}", check.of, check.expected.en, check.found.en))?;
        }
        for finding in &report.findings {
            say(&format!("  {}", located(&which.template, finding)))?;
        }
    }
    say(&match (reports.len(), failed) {
        (0, _) => "there is no fixture: put a recording and what must come out of it into fixtures/NAME.toml".to_owned(),
        (all, 0) => format!("{} as expected", count(all, "fixture")),
        (all, failed) => format!("{failed} of {} not as expected", count(all, "fixture")),
    })?;
    Ok(code(good))
}

fn pack(template: &Path, output: Option<&Path>, listing: Option<&Path>) -> anyhow::Result<ExitCode> {
    let bundle = open(template)?;
    let errors: Vec<_> = bundle::lint(&bundle).into_iter().filter(|finding| finding.level == Level::Error).collect();
    if !errors.is_empty() {
        for finding in &errors {
            say(&located(template, finding))?;
        }
        say(&format!("not packed: {} to mend", count(errors.len(), "error")))?;
        return Ok(ExitCode::FAILURE);
    }
    if let Some(listing) = listing {
        std::fs::write(listing, trust::listing(&bundle)).with_context(|| format!("cannot write {}", listing.display()))?;
        say(&format!("{} is what to sign: minisign -S -m {0} -x {1}", listing.display(), template.join(bundle::SIGNATURE).display()))?;
        return Ok(ExitCode::SUCCESS);
    }
    let plan = bundle.template()?;
    let path = output.map_or_else(|| PathBuf::from(format!("{}-{}.lesson", plan.id, plan.version)), Path::to_owned);
    let bytes = bundle.to_zip()?;
    let write = |path: &Path| std::fs::File::create(path).and_then(|mut file| file.write_all(&bytes));
    write(&path).with_context(|| format!("cannot write {}", path.display()))?;
    say(&format!("{} ({} bytes, SHA-256 {})", path.display(), bytes.len(), bundle.sha256()))?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests;
