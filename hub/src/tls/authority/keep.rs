//! The authority's two files in the data folder. Only the hub's user reads the key.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context, bail, ensure};

/// Certificate and key as they are kept; `None` if there are none.
pub(super) fn read(folder: &Path) -> anyhow::Result<Option<(String, String)>> {
    let text = |name: &str| match fs::read_to_string(folder.join(name)) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be read: may the hub's user read it?", folder.join(name).display())),
    };
    match (text("ca.pem")?, text("ca.key")?) {
        (Some(pem), Some(key)) => {
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                let file = folder.join("ca.key");
                let mode = fs::metadata(&file)?.permissions().mode();
                let shown = file.display();
                ensure!(
                    mode & 0o077 == 0,
                    "{shown} may be read by others than the hub's user, who could then make certificates: chmod 600 {shown}"
                );
            }
            Ok(Some((pem, key)))
        }
        // The key is written first: a start that was cut off between the two leaves it alone, and nobody has the certificate yet.
        (None, _) => Ok(None),
        (Some(_), None) => bail!(again(folder, "ca.key is missing")),
    }
}

/// Keeps an authority. On return it is on disk.
pub(super) fn write(folder: &Path, pem: &str, key: &str) -> anyhow::Result<()> {
    let all = || -> std::io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(folder)?;
        put(folder, "ca.key", key)?;
        put(folder, "ca.pem", pem)?;
        File::open(folder)?.sync_all()
    };
    all().with_context(|| format!("{} cannot be written", folder.display()))
}

/// Writes beside, then renames: a file is whole or not there. Only the hub's user reads it.
pub(crate) fn put(folder: &Path, name: &str, text: &str) -> std::io::Result<()> {
    let beside = folder.join(format!("{name}.new"));
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(beside, folder.join(name))
}

/// What is wrong, and how to begin anew.
pub(super) fn again(folder: &Path, what: &str) -> String {
    format!(
        "{what}. Put the folder {} back from a copy; or delete it, start the hub and hand the new /tls/ca.pem to the management of the \
         devices",
        folder.display()
    )
}
