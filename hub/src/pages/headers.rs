//! The headers on every answer.

use axum::http::{HeaderName, HeaderValue, header};
use axum::response::Response;

use crate::address::Address;

/// Nothing but the hub's own scripts, styles and sockets; nothing inline, no text that becomes a script or markup (Trusted Types),
/// no frame around a page of the hub.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'none'; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
/// What the hub's own pages may ask a phone for, and nothing else; a frame within them, nothing at all.
const PERMISSIONS: &str = "accelerometer=(self), gyroscope=(self), magnetometer=(self), microphone=(self), geolocation=(self), \
     screen-wake-lock=(self), camera=(), display-capture=(), usb=(), serial=(), payment=()";
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Puts them on. `lasting`: the answer came over TLS under the hub's public name.
pub(super) fn secured(mut response: Response, address: Option<&Address>, lasting: bool) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(PERMISSIONS_POLICY, HeaderValue::from_static(PERMISSIONS));
    // What a link opens to other programs says so itself.
    headers.entry(RESOURCE_POLICY).or_insert(HeaderValue::from_static("same-origin"));
    if address.is_some_and(Address::trusted) {
        // Elsewhere browsers ignore it, and say so in the console of every page.
        headers.insert(OPENER_POLICY, HeaderValue::from_static("same-origin"));
    }
    if lasting {
        // A year, as browsers expect it. Only under the public name: on a school's own address it would lock the class out of a
        // hub that is set up anew without a certificate.
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}
