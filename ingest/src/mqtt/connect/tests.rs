use super::*;
use crate::mqtt::tests::harness::{RawConnect, connect};

fn read_all(raw: &RawConnect) -> Result<Option<Connect>, Refusal> {
    next(&mut BytesMut::from(&raw.bytes()[..]), 1000, 20)
}

#[test]
fn a_complete_connect() {
    let raw = connect("id").flags(0b1111_0110).keep_alive(300).field(b"t").field(&[0, 255]).field("ü".as_bytes()).field(&[0, 1]);
    let read = read_all(&raw).unwrap().unwrap();
    let will = LastWill { topic: "t".into(), message: Bytes::from_static(&[0, 255]), qos: QoS::ExactlyOnce, retain: true };
    let expected = Connect {
        client_id: "id".into(),
        clean_session: true,
        keep_alive: 300,
        will: Some(will),
        user: "ü".into(),
        password: Bytes::from_static(&[0, 1]),
    };
    // QoS bits of the flags above are 10 = 2.
    assert_eq!(read, expected);
    assert_eq!(read_all(&connect("")).unwrap().unwrap().client_id, "");
}

#[test]
fn half_a_connect_is_waited_for() {
    let bytes = connect("id").login("u", "p").bytes();
    for cut in 0..bytes.len() {
        assert_eq!(next(&mut BytesMut::from(&bytes[..cut]), 1000, 20), Ok(None), "{cut}");
    }
}

#[test]
fn refusals_with_an_answer() {
    let check = |raw: RawConnect, reason, answer: &[u8]| {
        let refusal = read_all(&raw).unwrap_err();
        assert_eq!((refusal.reason, refusal.answer.as_deref()), (reason, Some(answer)));
    };
    let versioned = |name: &[u8], level| RawConnect { name: name.to_vec(), level, ..connect("a") };
    for level in [0, 3, 6, 0x84, 255] {
        check(versioned(b"MQTT", level), Refused::ProtocolVersion, &[0x20, 2, 0, 1]);
    }
    check(versioned(b"MQIsdp", 3), Refused::ProtocolVersion, &[0x20, 2, 0, 1]);
    check(versioned(b"MQTT", 5), Refused::ProtocolVersion, &[0x20, 3, 0, 0x84, 0]);
    check(connect("").flags(0), Refused::ClientId, &[0x20, 2, 0, 2]);
    check(connect(&"x".repeat(21)), Refused::ClientId, &[0x20, 2, 0, 2]);
}

#[test]
fn refusals_without_an_answer() {
    let check = |raw: RawConnect, why: &str| assert_eq!(read_all(&raw), Err(Refused::Malformed.into()), "{why}");
    check(RawConnect { name: b"HTTP".to_vec(), ..connect("a") }, "another protocol");
    check(RawConnect { name: b"mqtt".to_vec(), ..connect("a") }, "the name is case-sensitive");
    check(connect("a").flags(0b0000_0011), "reserved bit");
    check(connect("a").flags(0b0000_1010), "will QoS without a will");
    check(connect("a").flags(0b0010_0010), "will retain without a will");
    check(connect("a").flags(0b0001_1110).field(b"t").field(b"m"), "will QoS 3");
    check(connect("a").flags(0b0100_0010).field(b"p"), "a password without a user name");
    check(connect("a").flags(0b1000_0010), "a user name that is not there");
    check(connect("a").flags(0b0000_0110).field(b"t"), "a will without a message");
    check(connect("a").will("a/#", b"m"), "a will to a filter");
    check(connect("a").will("", b"m"), "a will to nowhere");
    check(connect("a").field(b"more"), "more fields than flags");
    check(connect("a\0"), "U+0000 in the client id");
    check(RawConnect { fields: vec![vec![0xff]], ..connect("") }, "a client id that is not UTF-8");
    check(connect("a").flags(0xc2).field(&[0xc3, 0x28]).field(b""), "a user name that is not UTF-8");
    check(RawConnect { tail: vec![0], ..connect("a") }, "a byte too many");
    let oversized = connect("a").login("u", &"p".repeat(2000));
    assert_eq!(read_all(&oversized), Err(Refused::Oversized.into()));
}
