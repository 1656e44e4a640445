//! Who is asking: the bearer token of a request, as extractors that refuse before a handler runs.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::{header, request::Parts};

use crate::access::Bearer;
use crate::api::problem::Problem;
use crate::state::Hub;

const HINT: &str = "Send `Authorization: Bearer TOKEN`; `messwerk token create --role teacher` makes a teacher's token.";

fn bearer(parts: &Parts, hub: &Hub) -> Result<Option<Bearer>, Problem> {
    let Some(value) = parts.headers.get(header::AUTHORIZATION) else { return Ok(None) };
    match hub.access.bearer(value.to_str().map(token).unwrap_or_default())? {
        Some(bearer) => Ok(Some(bearer)),
        None => Err(Problem::unauthorized(format!("This token is not known here. {HINT}"))),
    }
}

/// The token of an `Authorization`, empty if it is none. RFC 9110: the scheme may be written in any case.
fn token(authorization: &str) -> &str {
    match authorization.trim().split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    }
}

/// A teacher's request.
#[derive(Debug, Clone, Copy)]
pub struct Teacher;

impl FromRequestParts<Hub> for Teacher {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Problem> {
        match bearer(parts, hub)? {
            Some(Bearer::Teacher) => Ok(Self),
            Some(Bearer::Thing(_)) => Err(Problem::forbidden("Only a teacher's token opens this.")),
            None => Err(Problem::unauthorized(format!("This needs a teacher's token. {HINT}"))),
        }
    }
}

/// A request by a teacher or a Thing.
#[derive(Debug, Clone)]
pub struct Someone(pub Bearer);

impl FromRequestParts<Hub> for Someone {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Self, Problem> {
        bearer(parts, hub)?.map(Self).ok_or_else(|| Problem::unauthorized(format!("This needs a token. {HINT}")))
    }
}

impl OptionalFromRequestParts<Hub> for Someone {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, hub: &Hub) -> Result<Option<Self>, Problem> {
        Ok(bearer(parts, hub)?.map(Self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_bearer_in_any_case() {
        for (authorization, expected) in
            [("Bearer x", "x"), ("bearer x", "x"), ("BEARER  x ", "x"), ("Basic x", ""), ("Bearer", ""), ("Bearerx", ""), ("", "")]
        {
            assert_eq!(token(authorization), expected, "{authorization:?}");
        }
    }
}
