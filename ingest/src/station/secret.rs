//! Names of what says who a sender is or what it may do: taken out wherever a payload is shown.

/// In documents, where `id` is the sensor that an allow-list names.
const DOCUMENT: [&str; 11] =
    ["passkey", "password", "passwd", "token", "apikey", "api_key", "authorization", "mac", "imei", "uniqueid", "access_token"];
/// In forms and queries as well. Weather Underground's `ID` is half of a login.
const FORM: [&str; 3] = ["pass", "id", "key"];

/// Whether a member of this name, in any case, is not to be shown of a document (JSON).
pub fn is_secret(name: &str) -> bool {
    DOCUMENT.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// The same of a form, a query or what may be either.
pub fn is_secret_in_form(name: &str) -> bool {
    is_secret(name) || FORM.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}
