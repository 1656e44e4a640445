use messwerk_lessons::quantity::ObservedProperty as P;

use super::*;

#[test]
fn an_export_becomes_recordings() {
    let text = "\"Time (s)\",\"Pressure (hPa)\",\"Height (m)\"\n0.5,939.8,1\n1.5,NaN,1\n2.5,939.9,1\n";
    let Export::Readings(readings) = from_bytes("Raw Data", text.as_bytes()).unwrap() else { panic!("messages") };
    assert_eq!(readings.skipped, ["Raw Data: Height (m)"]);
    let stream = &readings.recordings[0].streams[0];
    assert_eq!((stream.property(), stream.time(), &stream.values()[0][..]), (P::Pressure, &[500_000, 2_500_000][..], &[939.8, 939.9][..]));
}

#[test]
fn recorded_messages_are_told_by_their_content() {
    let export = from_bytes("x", br#"{"at":0.5,"stream":"acc","payload":"1,2"}"#).unwrap();
    assert!(matches!(export, Export::Messages(messages) if messages.len() == 1));
    let export = from_bytes("x", b"{\"acc_time\":[0]}\n[{\"v\":1}]\n").unwrap();
    assert!(matches!(export, Export::Payloads(payloads) if payloads.len() == 2));
}

#[test]
fn what_is_no_recording_is_told_what_one_looks_like() {
    for text in ["Dear diary,\ntoday we measured\n", "{\n  \"acc_time\": [0]\n}\n", "[not JSON"] {
        let error = format!("{:#}", from_bytes("x", text.as_bytes()).unwrap_err());
        assert!(error.contains(RECORDED_LINE) && error.contains(PAYLOAD_LINE), "{text}: {error}");
    }
}
