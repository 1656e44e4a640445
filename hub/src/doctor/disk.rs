//! The data folder: whose it is, how much room there is, and how long the disk takes to keep something for good. Every batch of
//! readings waits for that.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use super::{Finding, Level};

const FOLDER: (&str, &str) = ("Datenordner", "Data folder");
const SPACE: (&str, &str) = ("Speicherplatz", "Disk space");
const SPEED: (&str, &str) = ("Schreiben", "Writing");
/// A lesson of thirty phones writes some 20 MB.
const LITTLE: u64 = 2 << 30;
const NONE: u64 = 300 << 20;
/// Phones wait this long for each acknowledgement without anybody noticing.
const SLOW: Duration = Duration::from_millis(100);
const STUCK: Duration = Duration::from_secs(1);

pub(super) fn examine(folder: &Path) -> Vec<Finding> {
    let shown = folder.display();
    if !folder.is_dir() {
        let detail = (format!("{shown} gibt es nicht."), format!("There is no {shown}."));
        return vec![Finding::new("folder", Level::Bad, FOLDER, detail).fix((
            "Nennen Sie den Ordner des Hubs mit --data-dir; der Hub legt ihn beim ersten Start an.",
            "Name the hub's folder with --data-dir; the hub makes it at its first start.",
        ))];
    }
    let written = write(folder);
    let mut findings = vec![rights(folder, written.as_ref().err())];
    findings.extend(room(folder).map(space));
    findings.extend(written.ok().map(speed));
    findings
}

fn rights(folder: &Path, refused: Option<&std::io::Error>) -> Finding {
    let shown = folder.display();
    if let Some(error) = refused {
        let detail = (format!("In {shown} lässt sich nicht schreiben: {error}."), format!("{shown} cannot be written: {error}."));
        return Finding::new("folder", Level::Bad, FOLDER, detail).fix((
            "Geben Sie dem Benutzer, unter dem der Hub läuft, den Ordner (chown), oder rufen Sie doctor als dieser auf.",
            "Give the folder to the user that the hub runs as (chown), or run doctor as that user.",
        ));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if fs::metadata(folder).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0) {
            let detail = (
                format!("Andere Benutzer dieses Rechners kommen in {shown} hinein."),
                format!("Other users of this machine can get into {shown}."),
            );
            let fix = format!("chmod go= {shown}");
            return Finding::new("folder", Level::Warn, FOLDER, detail).fix((fix.clone(), fix));
        }
    }
    let detail = (format!("{shown} gehört dem Hub allein."), format!("{shown} is the hub's alone."));
    Finding::new("folder", Level::Ok, FOLDER, detail)
}

fn space(free: u64) -> Finding {
    let gib = free as f64 / f64::from(1 << 30);
    let detail = (format!("{} GiB frei.", format!("{gib:.1}").replace('.', ",")), format!("{gib:.1} GiB free."));
    let fix = (
        "Schaffen Sie Platz. Ist die Platte voll, nimmt der Hub nichts mehr an; die Handys behalten dann ihre Messungen.",
        "Make room. When the disk is full the hub takes nothing more; phones then keep their readings.",
    );
    if free >= LITTLE {
        return Finding::new("space", Level::Ok, SPACE, detail);
    }
    let level = if free < NONE { Level::Bad } else { Level::Warn };
    Finding::new("space", level, SPACE, detail).fix(fix)
}

fn speed(took: Duration) -> Finding {
    let ms = took.as_secs_f64() * 1e3;
    let detail = (
        format!("Die Platte braucht {} ms, um etwas sicher zu behalten.", format!("{ms:.1}").replace('.', ",")),
        format!("The disk takes {ms:.1} ms to keep something for good."),
    );
    let level = if took > STUCK {
        Level::Bad
    } else if took > SLOW {
        Level::Warn
    } else {
        Level::Ok
    };
    let finding = Finding::new("disk", level, SPEED, detail);
    if level == Level::Ok {
        return finding;
    }
    finding.fix((
        "Legen Sie den Datenordner auf eine SSD oder eine bessere Speicherkarte, nicht auf ein Netzlaufwerk.",
        "Put the data folder on an SSD or a better memory card, not on a network drive.",
    ))
}

#[cfg(unix)]
fn room(folder: &Path) -> Option<u64> {
    let told = rustix::fs::statvfs(folder).ok()?;
    told.f_bavail.checked_mul(told.f_frsize)
}

#[cfg(not(unix))]
fn room(_: &Path) -> Option<u64> {
    None
}

/// The middle of five flushed writes to a file that is gone afterwards.
fn write(folder: &Path) -> std::io::Result<Duration> {
    let file = folder.join(format!(".doctor-{}", std::process::id()));
    let mut times = [Duration::ZERO; 5];
    let mut all = || -> std::io::Result<()> {
        let mut out: File = OpenOptions::new().write(true).create(true).truncate(true).open(&file)?;
        for time in &mut times {
            let begun = Instant::now();
            out.write_all(&[0; 4_096])?;
            out.sync_data()?;
            *time = begun.elapsed();
        }
        Ok(())
    };
    let written = all();
    // One that stays is some bytes, and the next look writes over it.
    let _ = fs::remove_file(&file);
    written?;
    times.sort_unstable();
    Ok(times[2])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_and_speed_are_enough_or_not() {
        for (free, level) in [(0, Level::Bad), (1 << 30, Level::Warn), (2 << 30, Level::Ok), (u64::MAX, Level::Ok)] {
            assert_eq!(space(free).level, level, "{free}");
        }
        for (ms, level) in [(1, Level::Ok), (100, Level::Ok), (101, Level::Warn), (1_001, Level::Bad)] {
            assert_eq!(speed(Duration::from_millis(ms)).level, level, "{ms}");
        }
    }

    #[test]
    fn a_folder_is_there_and_the_hubs_alone() {
        let folder = tempfile::tempdir().unwrap();
        let levels = |folder: &Path| examine(folder).iter().map(|finding| (finding.id, finding.level)).collect::<Vec<_>>();
        assert_eq!(levels(&folder.path().join("none")), [("folder", Level::Bad)]);
        #[cfg(unix)]
        fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        assert_eq!(levels(folder.path())[0], ("folder", Level::Ok));
        assert_eq!(levels(folder.path()).len(), if cfg!(unix) { 3 } else { 2 });
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
            assert_eq!(levels(folder.path())[0], ("folder", Level::Warn));
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    }
}
