use super::*;

#[test]
fn a_code_is_a_text_or_a_number() {
    for (body, expected) in [
        (r#"{"code":"571042"}"#, Ok("571042")),
        (r#"{"code":"571 042"}"#, Ok("571 042")),
        (r#"{"code":571042}"#, Ok("571042")),
        (r#"{"code":57.1}"#, Err("six digits")),
        (r#"{"code":true}"#, Err("six digits")),
    ] {
        let read = serde_json::from_str::<Join>(body).map(|join| join.code.unwrap_or_default()).map_err(|error| error.to_string());
        match expected {
            Ok(code) => assert_eq!(read.as_deref(), Ok(code), "{body}"),
            Err(told) => assert!(read.as_ref().is_err_and(|error| error.contains(told)), "{body}: {read:?}"),
        }
    }
}
