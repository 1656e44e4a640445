use bytes::BytesMut;
use rumqttc::mqttbytes::v4::Packet;

use super::*;

#[test]
fn patched_packets_are_packets_with_batches_of_their_own() {
    for (shape, level) in [(Shape::Binary, 1), (Shape::Json, 2), (Shape::Binary, 0)] {
        let bodies = Bodies::new(shape, 12).unwrap();
        let mut packets = Packets::new(&bodies, "in/token/acc", level, 7).unwrap();
        let mut out = Vec::new();
        packets.append(&bodies, 5, &mut out);
        packets.append(&bodies, 258, &mut out);
        let mut stream = BytesMut::from(&out[..]);
        for (index, id) in [5, 258].into_iter().enumerate() {
            let Packet::Publish(publish) = Packet::read(&mut stream, usize::MAX).unwrap() else { panic!() };
            assert_eq!((publish.topic.as_str(), publish.pkid), ("in/token/acc", if level == 0 { 0 } else { id }));
            let (boot, sequence, time) = match shape {
                Shape::Binary => {
                    let batch = Batch::from_bytes(&publish.payload).unwrap();
                    assert_eq!(batch.time().len(), 12);
                    (batch.key().boot, batch.key().sequence, batch.time()[0])
                }
                Shape::Json => {
                    let json: serde_json::Value = serde_json::from_slice(&publish.payload).unwrap();
                    let boot = u64::from_str_radix(json["boot"].as_str().unwrap(), 16).unwrap();
                    (boot, json["seq"].as_u64().unwrap(), json["t0"].as_i64().unwrap())
                }
            };
            assert_eq!((boot, sequence), (0x10ad_0000_0000_0007, 1_000_000_000 + index as u64), "{shape:?}");
            assert_eq!(time, FIRST_TIME + index as i64 * 120_000);
        }
        assert!(stream.is_empty());
    }
}

#[test]
fn a_reading_of_twelve_vectors_takes_126_bytes() {
    assert!(Bodies::new(Shape::Binary, 12).unwrap().bodies.iter().all(|body| body.len() == 126));
}
