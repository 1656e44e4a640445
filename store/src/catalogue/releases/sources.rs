//! Whose Releases are believed, and when subscriptions were asked last.

use super::{Catalogue, Error, Micros, OptionalExtension, TransactionBehavior, found, params};

/// A key that a teacher knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The public key.
    pub key: String,
    /// What the teacher calls it.
    pub name: String,
    /// Since when.
    pub known: Micros,
}

/// What came of asking a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subscription {
    /// The address of its catalogue.
    pub url: String,
    /// What it called its newest answer.
    pub etag: Option<String>,
    /// When it was asked last.
    pub asked: Option<Micros>,
    /// When it answered last.
    pub answered: Option<Micros>,
    /// How often in a row it did not.
    pub failures: u32,
    /// What is wrong, with its fix; also of single Releases while the catalogue itself was in order.
    pub error: Option<String>,
    /// The templates that it offers, as its reader wrote them down.
    pub offers: Option<String>,
}

impl Catalogue {
    /// Believes a key from now on; what of it is here already is used, too.
    pub fn add_source(&self, source: &Source) -> Result<(), Error> {
        let mut connection = self.connection();
        let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        change.execute(
            "INSERT INTO source (signer, name, known) VALUES (?1, ?2, ?3) ON CONFLICT (signer) DO UPDATE SET name = excluded.name",
            params![source.key, source.name, source.known],
        )?;
        change.execute("UPDATE foreign_release SET used = 1 WHERE signer = ?1", [&source.key])?;
        change.commit()?;
        Ok(())
    }

    /// Forgets that a key was known. What came of it stays.
    pub fn remove_source(&self, key: &str) -> Result<(), Error> {
        let changed = self.connection().execute("DELETE FROM source WHERE signer = ?1", [key])?;
        found(changed, || "this key is not known here".to_owned())
    }

    /// The keys that are known, by name.
    pub fn sources(&self) -> Result<Vec<Source>, Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT signer, name, known FROM source ORDER BY name, signer")?;
        let rows = statement.query_map([], |row| Ok(Source { key: row.get(0)?, name: row.get(1)?, known: row.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What came of asking a subscription so far.
    pub fn subscription(&self, url: &str) -> Result<Option<Subscription>, Error> {
        let connection = self.connection();
        let mut statement =
            connection.prepare_cached("SELECT url, etag, asked, answered, failures, error, offers FROM subscription WHERE url = ?1")?;
        let read = statement.query_row([url], |row| {
            let (url, etag, asked) = (row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(Subscription { url, etag, asked, answered: row.get(3)?, failures: row.get(4)?, error: row.get(5)?, offers: row.get(6)? })
        });
        Ok(read.optional()?)
    }

    /// Notes what came of asking a subscription.
    pub fn set_subscription(&self, state: &Subscription) -> Result<(), Error> {
        let Subscription { url, etag, asked, answered, failures, error, offers } = state;
        self.connection().execute(
            "INSERT OR REPLACE INTO subscription (url, etag, asked, answered, failures, error, offers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![url, etag, asked, answered, failures, error, offers],
        )?;
        Ok(())
    }

    /// Forgets what is known of subscriptions that are not among those the operator names.
    pub fn keep_subscriptions(&self, named: &[String]) -> Result<(), Error> {
        let connection = self.connection();
        let mut statement = connection.prepare_cached("SELECT url FROM subscription")?;
        let known = statement.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
        for url in known.into_iter().filter(|url| !named.contains(url)) {
            connection.execute("DELETE FROM subscription WHERE url = ?1", [url])?;
        }
        Ok(())
    }
}
