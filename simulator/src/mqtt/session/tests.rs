use rumqttc::mqttbytes::v4::{PubAck, PubComp, PubRec};

use super::*;

fn read(bytes: &[u8]) -> Packet {
    Packet::read(&mut BytesMut::from(bytes), usize::MAX).unwrap()
}

fn publish(session: &mut Session<u32>, tag: u32, now: Instant) -> Publish {
    let Packet::Publish(publish) = read(&session.publish("in/t/acc".into(), Bytes::from_static(b"x"), tag, now).unwrap()) else { panic!() };
    publish
}

fn answer(session: &mut Session<u32>, packet: Packet) -> (Vec<u32>, BytesMut) {
    let mut out = BytesMut::new();
    (session.receive(&packet, &mut out).unwrap(), out)
}

#[test]
fn qos_1_is_settled_by_its_own_puback_only() {
    let now = Instant::now();
    let mut session = Session::new(1, 2).unwrap();
    let (first, second) = (publish(&mut session, 10, now), publish(&mut session, 20, now));
    assert_eq!((first.pkid, second.pkid, session.has_room()), (1, 2, false));
    assert_eq!(answer(&mut session, Packet::PubAck(PubAck::new(7))).0, [0; 0]);
    assert_eq!(answer(&mut session, Packet::PubComp(PubComp::new(2))).0, [0; 0]);
    assert_eq!(answer(&mut session, Packet::PubAck(PubAck::new(2))).0, [20]);
    assert_eq!(answer(&mut session, Packet::PubAck(PubAck::new(2))).0, [0; 0]);
    assert!(session.has_room() && !session.is_idle());
    assert_eq!(answer(&mut session, Packet::PubAck(PubAck::new(1))).0, [10]);
    assert!(session.is_idle());
}

#[test]
fn qos_2_is_settled_by_pubcomp() {
    let now = Instant::now();
    let mut session = Session::new(2, 2).unwrap();
    let id = publish(&mut session, 10, now).pkid;
    assert_eq!(answer(&mut session, Packet::PubAck(PubAck::new(id))).0, [0; 0]);
    let (settled, out) = answer(&mut session, Packet::PubRec(PubRec::new(id)));
    assert_eq!((settled, read(&out)), (Vec::<u32>::new(), Packet::PubRel(PubRel::new(id))));
    let again = session.overdue(Duration::ZERO, now, |_| panic!("a PUBREL is no reading")).unwrap();
    assert_eq!(read(&again), Packet::PubRel(PubRel::new(id)));
    assert_eq!(answer(&mut session, Packet::PubComp(PubComp::new(id))).0, [10]);
}

#[test]
fn qos_0_is_settled_by_the_ping_after_it() {
    let now = Instant::now();
    let mut session = Session::new(0, 1).unwrap();
    assert_eq!(publish(&mut session, 10, now).pkid, 0);
    assert!(session.wants_ping());
    session.pinged();
    publish(&mut session, 20, now);
    assert!(!session.wants_ping());
    assert_eq!(answer(&mut session, Packet::PingResp).0, [10]);
    assert!(session.wants_ping());
    assert!(session.restart(now, |_| panic!("nothing to repeat")).is_empty());
    assert!(session.is_idle());
}

#[test]
fn what_was_not_answered_is_sent_again_and_says_so() {
    let now = Instant::now();
    let later = now + Duration::from_secs(2);
    let mut session = Session::new(1, 9).unwrap();
    publish(&mut session, 10, now);
    publish(&mut session, 20, later);
    let check = |bytes: &BytesMut, expected: &[u16]| {
        let (mut bytes, mut ids) = (bytes.clone(), Vec::new());
        while !bytes.is_empty() {
            let Packet::Publish(publish) = Packet::read(&mut bytes, usize::MAX).unwrap() else { panic!() };
            assert!(publish.dup);
            ids.push(publish.pkid);
        }
        assert_eq!(ids, expected);
    };
    let mut again = Vec::new();
    check(&session.overdue(Duration::from_secs(1), later, |&tag| again.push(tag)).unwrap(), &[1]);
    check(&session.overdue(Duration::from_secs(1), later, |&tag| again.push(tag)).unwrap(), &[]);
    check(&session.restart(later, |&tag| again.push(tag)), &[1, 2]);
    assert_eq!(again, [10, 10, 20]);
}

#[test]
fn packet_ids_come_round_and_skip_those_in_flight() {
    let now = Instant::now();
    let mut session = Session::new(1, 2).unwrap();
    assert_eq!(publish(&mut session, 0, now).pkid, 1);
    for expected in (2..=u16::MAX).chain([2]) {
        let id = publish(&mut session, 0, now).pkid;
        assert_eq!(id, expected);
        answer(&mut session, Packet::PubAck(PubAck::new(id)));
    }
}
