//! Who is asking: the bearer token or the session cookie of a request, as extractors that refuse before a handler runs.
//!
//! A browser sends a cookie along with requests that it did not mean to make, so a cookie counts only where the browser says that
//! a page of the hub asked. A bearer token counts always: no browser adds one by itself. With both, the token decides.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::{HeaderMap, Method, header, request::Parts};

use crate::access::Bearer;
use crate::accounts::presented;
use crate::address::Address;
use crate::api::problem::Problem;
use crate::state::Hub;

const HINT: &str =
    "Sign in at /login, or send `Authorization: Bearer TOKEN`; `messwerk token create --role teacher` makes a teacher's token.";

/// What a request presented that counts.
#[derive(Clone)]
enum Credential {
    Token(String),
    Session(String),
}

impl std::fmt::Debug for Credential {
    /// Without the secret: what is printed ends in logs.
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        to.write_str(match self {
            Self::Token(_) => "a token",
            Self::Session(_) => "a session",
        })
    }
}

async fn credential(parts: &mut Parts, hub: &Hub) -> Result<Option<(Credential, Bearer)>, Problem> {
    if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
        let token = value.to_str().map(token).unwrap_or_default();
        return match hub.access.bearer(token)? {
            Some(bearer) => Ok(Some((Credential::Token(token.to_owned()), bearer))),
            None => Err(Problem::unauthorized(format!("This token is not known here. {HINT}")).coded("unknown_token")),
        };
    }
    let address = Address::from_request_parts(parts, hub).await?;
    let Some(token) = presented(&parts.headers, &address) else { return Ok(None) };
    if !hub.accounts.used(token)? {
        return Ok(None);
    }
    let reading = parts.method == Method::GET && !parts.headers.contains_key(header::UPGRADE);
    from_own_page(&parts.headers, &address, reading)?;
    Ok(Some((Credential::Session(token.to_owned()), Bearer::Teacher)))
}

/// Refuses what another site's page made a browser ask. `reading`: nothing is changed and no socket opened, so a request that
/// does not say where it comes from passes; browsers leave that out only there.
pub fn from_own_page(headers: &HeaderMap, address: &Address, reading: bool) -> Result<(), Problem> {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let own = match (text("origin"), text("sec-fetch-site")) {
        (Some(origin), site) => address.is_origin(origin) && site.is_none_or(|site| site != "cross-site"),
        (None, Some("same-origin" | "none")) => true,
        // Somebody clicked a link to the hub: a page is opened, nothing can be read by who made the link.
        (None, Some(_)) => reading && text("sec-fetch-mode") == Some("navigate") && text("sec-fetch-dest") == Some("document"),
        (None, None) => reading || !headers.contains_key(header::COOKIE),
    };
    if own {
        return Ok(());
    }
    let origin = address.origin();
    Err(Problem::forbidden(format!("This came from a page of another site. The hub answers pages of its own origin ({origin})."))
        .coded("foreign_origin"))
}

/// The token of an `Authorization`, empty if it is none. RFC 9110: the scheme may be written in any case.
pub(crate) fn token(authorization: &str) -> &str {
    match authorization.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    }
}

/// A teacher's request.
#[derive(Debug, Clone)]
pub struct Teacher(Credential);

impl Teacher {
    /// Whether what was presented still counts: a socket asks from time to time. It does not keep a session from being idle.
    pub fn still(&self, hub: &Hub) -> bool {
        match &self.0 {
            Credential::Token(token) => matches!(hub.access.bearer(token), Ok(Some(Bearer::Teacher))),
            Credential::Session(token) => hub.accounts.holds(token).unwrap_or(false),
        }
    }
}

impl FromRequestParts<Hub> for Teacher {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Problem> {
        match credential(parts, hub).await? {
            Some((credential, Bearer::Teacher)) => Ok(Self(credential)),
            Some((_, Bearer::Thing(_))) => Err(Problem::forbidden("Only a teacher opens this.")),
            None => Err(Problem::unauthorized(format!("This is for a teacher. {HINT}"))),
        }
    }
}

/// A request by a teacher or a Thing.
#[derive(Debug, Clone)]
pub struct Someone(pub Bearer);

impl FromRequestParts<Hub> for Someone {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Problem> {
        let found = credential(parts, hub).await?;
        found.map(|(_, bearer)| Self(bearer)).ok_or_else(|| Problem::unauthorized(format!("This needs a token. {HINT}")))
    }
}

impl OptionalFromRequestParts<Hub> for Someone {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Option<Self>, Problem> {
        Ok(credential(parts, hub).await?.map(|(_, bearer)| Self(bearer)))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn the_scheme_is_bearer_in_any_case() {
        for (authorization, expected) in
            [("Bearer x", "x"), ("bearer x", "x"), ("BEARER  x ", "x"), ("Basic x", ""), ("Bearer", ""), ("Bearerx", ""), ("", "")]
        {
            assert_eq!(token(authorization), expected, "{authorization:?}");
        }
    }

    #[test]
    fn a_cookie_counts_where_a_page_of_the_hub_asked() {
        let address = crate::address::parse_url("http://hub:8080").unwrap();
        // What a browser says, then whether it may read, and whether it may change something or open a socket.
        let check = |told: &[(&str, &str)], reading: bool, changing: bool| {
            let mut headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static("messwerk=x"))]);
            headers.extend(
                told.iter()
                    .map(|(name, value)| (HeaderName::try_from(*name).ok(), HeaderValue::from_str(value).unwrap()))
                    .filter_map(|(name, value)| Some((name?, value))),
            );
            let found = [true, false].map(|reading| from_own_page(&headers, &address, reading).is_ok());
            assert_eq!(found, [reading, changing], "{told:?}");
        };
        let (own, evil) = (("origin", "http://hub:8080"), ("origin", "http://evil.example"));
        check(&[], true, false);
        check(&[own], true, true);
        check(&[evil], false, false);
        check(&[("origin", "null")], false, false);
        check(&[("origin", "")], false, false);
        check(&[("origin", "http://hub:9000")], false, false);
        check(&[("sec-fetch-site", "same-origin")], true, true);
        check(&[("sec-fetch-site", "none")], true, true);
        check(&[("sec-fetch-site", "same-site")], false, false);
        check(&[("sec-fetch-site", "cross-site")], false, false);
        check(&[("sec-fetch-site", "same-origin"), own], true, true);
        // The same host over another scheme is another site.
        check(&[("sec-fetch-site", "cross-site"), own], false, false);
        check(&[("sec-fetch-site", "same-origin"), evil], false, false);
        let link = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document")];
        check(&link, true, false);
        check(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")], false, false);
        check(&[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")], false, false);
    }
}
