use super::*;
use bytes::BufMut;
use proptest::prelude::*;

const MOST: usize = 1000;

fn read(bytes: &[u8]) -> Result<Option<Packet>, Refused> {
    next(&mut BytesMut::from(bytes), MOST)
}

fn publish(first: u8, topic: &[u8], pkid: Option<u16>) -> Vec<u8> {
    let mut body = Vec::new();
    body.put_u16(topic.len() as u16);
    body.put_slice(topic);
    pkid.into_iter().for_each(|pkid| body.put_u16(pkid));
    body.put_slice(b"payload");
    [&[first, body.len() as u8], &body[..]].concat()
}

#[test]
fn every_refusal() {
    let check = |bytes: &[u8], why: &str| assert_eq!(read(bytes), Err(Refused::Malformed), "{why}: {bytes:02x?}");
    for first in [0x00, 0x20, 0x90, 0xb0, 0xd0, 0xf0] {
        check(&[first, 0], "a type that no client sends");
    }
    for first in [0x41, 0x52, 0x60, 0x63, 0x72, 0x80, 0x81, 0x83, 0xa0, 0xa1, 0xc1, 0xe8] {
        check(&[first, 2, 0, 1], "reserved flags");
    }
    check(&[0x10, 0], "a second CONNECT");
    check(&[0x30, 0xff, 0xff, 0xff, 0xff, 1], "a remaining length of five bytes");
    check(&publish(0x36, b"a", Some(1)), "QoS 3");
    check(&publish(0x38, b"a", None), "DUP at QoS 0");
    check(&publish(0x32, b"a", Some(0)), "packet id 0");
    check(&publish(0x30, b"", None), "an empty topic");
    check(&publish(0x30, b"a/+", None), "a wildcard in a topic");
    check(&publish(0x30, b"a/#", None), "a wildcard in a topic");
    check(&publish(0x30, b"a\0b", None), "U+0000");
    check(&publish(0x30, b"\xed\xa0\x80", None), "a surrogate");
    check(&publish(0x30, b"\xc3", None), "broken UTF-8");
    check(&[0x30, 2, 0, 9], "a topic longer than its packet");
    check(&[0x30, 1, 0], "a packet shorter than a length");
    check(&[0x32, 3, 0, 1, b'a'], "no packet id");
    check(&[0x40, 3, 0, 1, 0], "a PUBACK of three bytes");
    check(&[0x40, 2, 0, 0], "a PUBACK of packet id 0");
    check(&[0x62, 4, 0, 1, 0, 0], "a PUBREL with properties");
    check(&[0xc0, 1, 0], "a PINGREQ with a body");
    check(&[0xe0, 1, 0], "a DISCONNECT with a body");
    check(&[0x82, 0], "SUBSCRIBE without packet id");
    check(&[0x82, 2, 0, 1], "SUBSCRIBE without filters");
    check(&[0x82, 6, 0, 0, 0, 1, b'a', 0], "SUBSCRIBE with packet id 0");
    check(&[0x82, 6, 0, 1, 0, 1, b'a', 3], "SUBSCRIBE with QoS 3");
    check(&[0x82, 6, 0, 1, 0, 1, b'a', 4], "SUBSCRIBE with reserved bits");
    check(&[0x82, 5, 0, 1, 0, 1, b'a'], "SUBSCRIBE without QoS");
    check(&[0x82, 5, 0, 1, 0, 0, 0], "SUBSCRIBE with an empty filter");
    check(&[0x82, 7, 0, 1, 0, 2, b'a', b'#', 0], "SUBSCRIBE with a bad wildcard");
    check(&[0xa2, 2, 0, 1], "UNSUBSCRIBE without filters");
    check(&[0xa2, 1, 0], "UNSUBSCRIBE without packet id");
    check(&[0xa2, 5, 0, 0, 0, 1, b'a'], "UNSUBSCRIBE with packet id 0");
    check(&[0xa2, 5, 0, 1, 0, 2, b'a'], "UNSUBSCRIBE with a filter longer than its packet");
}

#[test]
fn what_is_too_large_is_refused_before_it_is_there() {
    assert_eq!(read(&[0x30, 0xe8, 0x07]), Ok(None), "1,000 bytes are waited for");
    assert_eq!(read(&[0x30, 0xe9, 0x07]), Err(Refused::Oversized), "1,001 are not");
    assert_eq!(read(&[0x30, 0xff, 0xff, 0xff, 0x7f]), Err(Refused::Oversized));
}

#[test]
fn packets_come_whole_however_they_are_cut() {
    let stream = [publish(0x32, "Ü/x".as_bytes(), Some(1)), vec![0xc0, 0], vec![0x82, 6, 0, 1, 0, 1, b'#', 1], vec![0xe0, 0]].concat();
    for cut in 0..=stream.len() {
        let mut buffer = BytesMut::new();
        let mut packets = Vec::new();
        for part in [&stream[..cut], &stream[cut..]] {
            buffer.extend_from_slice(part);
            while let Some(packet) = next(&mut buffer, MOST).unwrap() {
                packets.push(packet);
            }
        }
        assert!(
            matches!(packets[..], [Packet::Publish(_), Packet::PingReq, Packet::Subscribe(_), Packet::Disconnect]),
            "{cut}: {packets:?}"
        );
    }
}

proptest! {
    /// Whatever the bytes, reading ends without a panic and never takes more than it was given.
    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let mut buffer = BytesMut::from(&bytes[..]);
        while let Ok(Some(_)) = next(&mut buffer, MOST) {}
    }

    /// A flipped byte in a valid packet is refused or read as another valid packet.
    #[test]
    fn any_flip(at in 0usize..14, to in any::<u8>()) {
        let mut bytes = publish(0x34, b"a/b", Some(7));
        bytes[at] = to;
        if let Ok(Some(Packet::Publish(publish))) = read(&bytes) {
            prop_assert!(topic::check_name(&publish.topic).is_ok());
        }
    }
}
