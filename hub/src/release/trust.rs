//! Whose word another hub's Release has.

use messwerk_store::catalogue::{ForeignRelease, Source};

use super::SharingConfig;

/// What is known of the key that signed a Release. That the signature fits was seen when it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// A teacher gave this name to the key.
    Known(String),
    /// The operator named the key in a subscription.
    Subscribed,
    /// Nobody knows the key; a teacher said of this one Release that it is used.
    Accepted,
    /// Nobody knows the key.
    Unknown,
}

impl Trust {
    /// Of a Release that is here.
    pub fn of(kept: &ForeignRelease, sources: &[Source], config: &SharingConfig) -> Self {
        if let Some(source) = sources.iter().find(|source| source.key == kept.key) {
            return Self::Known(source.name.clone());
        }
        if config.subscribe.iter().any(|named| named.key == kept.key) {
            return Self::Subscribed;
        }
        if kept.used { Self::Accepted } else { Self::Unknown }
    }

    /// In one word, for the API.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Known(_) => "known",
            Self::Subscribed => "subscribed",
            Self::Accepted => "accepted",
            Self::Unknown => "unknown",
        }
    }

    /// What a teacher calls the key.
    pub fn source(&self) -> Option<&str> {
        match self {
            Self::Known(name) => Some(name),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::config::SubscriptionConfig;
    use super::*;

    #[test]
    fn a_name_goes_before_a_subscription_and_that_before_a_word() {
        let kept = |used| ForeignRelease { id: "a".into(), key: "RWkey".into(), subscription: None, came: 0, used, file: vec![] };
        let named = [Source { key: "RWkey".to_owned(), name: "Seeschule".to_owned(), known: 0 }];
        let config = |key: &str| {
            let subscribe = vec![SubscriptionConfig { url: "https://a.example/catalog.json".to_owned(), key: key.to_owned() }];
            SharingConfig { subscribe, ..SharingConfig::default() }
        };
        let check =
            |used, sources: &[Source], key: &str, expected: Trust| assert_eq!(Trust::of(&kept(used), sources, &config(key)), expected);
        check(true, &named, "RWkey", Trust::Known("Seeschule".to_owned()));
        check(true, &[], "RWkey", Trust::Subscribed);
        // Another hub's catalogue may list what a third one signed.
        check(true, &[], "RWother", Trust::Accepted);
        check(false, &[], "RWother", Trust::Unknown);
    }
}
