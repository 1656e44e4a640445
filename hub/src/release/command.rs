//! `messwerk catalog`: the catalogue as files, and subscriptions asked at once; with and without a running hub.

use std::path::PathBuf;

use clap::Subcommand;
use messwerk_store::{Catalogue, Clock as _, SystemClock};
use tokio_util::sync::CancellationToken;

use super::key::HubKey;
use super::offer::{Exported, Offer};
use super::pull;
use super::templates::Signed;
use crate::config::{Config, Overrides};

/// What is done with catalogues.
#[derive(Debug, Subcommand)]
pub enum CatalogCommand {
    /// Write catalog.json and the releases and templates it lists into a folder, for a static web space.
    ///
    /// Upload the whole folder. Run it again after every release and withdrawal, and when the shelf has changed; files of what is not
    /// listed any more are removed.
    Export {
        /// Where to.
        folder: PathBuf,
        /// Which hub's.
        #[command(flatten)]
        hub: HubFolder,
    },
    /// Ask all subscriptions (sharing.subscribe) for what is new, now.
    Pull {
        /// Which hub's.
        #[command(flatten)]
        hub: HubFolder,
    },
    /// Print the hub's public key, which others write into their sharing.subscribe.
    Key {
        /// Which hub's.
        #[command(flatten)]
        hub: HubFolder,
    },
}

/// Which hub.
#[derive(Debug, clap::Args)]
pub struct HubFolder {
    /// The hub's data folder.
    #[arg(long, env = "MESSWERK_DATA_DIR")]
    data_dir: PathBuf,
    /// Configuration file; without it `messwerk.toml` in the data folder is read if there is one.
    #[arg(long, env = "MESSWERK_CONFIG")]
    config: Option<PathBuf>,
}

impl HubFolder {
    /// Its configuration.
    fn load(&self) -> anyhow::Result<Config> {
        let overrides = Overrides { data_dir: Some(self.data_dir.clone()), ..Overrides::default() };
        let config = Config::load(self.config.as_deref(), overrides)?;
        config.sharing.check()?;
        Ok(config)
    }
}

/// Does it; the answer is for stdout. `open` opens the catalogue of a data folder.
pub fn run(command: &CatalogCommand, open: impl FnOnce(&std::path::Path) -> anyhow::Result<Catalogue>) -> anyhow::Result<String> {
    let (CatalogCommand::Export { hub, .. } | CatalogCommand::Pull { hub } | CatalogCommand::Key { hub }) = command;
    let config = hub.load()?;
    let catalogue = open(&hub.data_dir)?;
    let now = SystemClock.now();
    match command {
        CatalogCommand::Key { .. } => Ok(format!("{}\n", HubKey::open(&hub.data_dir)?.public())),
        CatalogCommand::Export { folder, .. } => {
            let key = HubKey::open(&hub.data_dir)?;
            let offer = Offer { catalogue: &catalogue, config: &config.sharing, key: &key, signed: &Signed::default() };
            let Exported { releases, templates } = offer.export(folder, now)?;
            let list = folder.join("catalog.json");
            Ok(format!("{} lists {releases} releases and {templates} templates; upload the whole folder\n", list.display()))
        }
        CatalogCommand::Pull { .. } => {
            let all = &config.sharing.subscribe;
            anyhow::ensure!(!all.is_empty(), "there are no subscriptions; name them as [[sharing.subscribe]] in messwerk.toml");
            let looks = pull::ask_all(&catalogue, all, now, false, &CancellationToken::new());
            let failed = looks.iter().filter(|(_, look)| look.is_err()).count();
            let line = |(url, look): &(String, Result<pull::Brought, String>)| match look {
                Ok(brought) => format!("{url}: {} new, {} withdrawn\n", brought.new, brought.withdrawn),
                Err(error) => format!("{url}: {error}\n"),
            };
            let text: String = looks.iter().map(line).collect();
            anyhow::ensure!(failed == 0, "{failed} of {} subscriptions could not be asked:\n{}", looks.len(), text.trim_end());
            Ok(text)
        }
    }
}
