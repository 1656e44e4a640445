//! The realm's bounds; its protocol is tested by number in `mqtt/tests/norm`.

use super::session::{Outgoing, Session};
use super::*;

fn message(qos: QoS, size: usize) -> Outgoing {
    Outgoing { topic: "a".into(), payload: vec![b'x'; size].into(), qos, retain: false }
}

fn connected(clean: bool) -> Session {
    let mut session = Session::new(clean);
    session.resume(1, Arc::default());
    session
}

/// How many packets are in these bytes.
fn packets(bytes: &[u8]) -> usize {
    let mut buffer = BytesMut::from(bytes);
    std::iter::from_fn(|| Packet::read(&mut buffer, usize::MAX).ok()).count()
}

#[test]
fn the_queue_ends() {
    let check = |qos, size, expected: usize| {
        let mut session = connected(true);
        let taken = (0..2000).take_while(|_| session.push(message(qos, size))).count();
        assert_eq!(taken, expected, "{size}");
        session.ready();
        assert!(session.push(message(qos, size)), "what was sent makes room");
    };
    check(QoS::AtLeastOnce, 1, 1000);
    check(QoS::AtMostOnce, 1, 1000);
    check(QoS::AtLeastOnce, 64 * 1024, 16);
}

#[test]
fn the_window_ends() {
    let mut session = connected(true);
    for _ in 0..50 {
        assert!(session.push(message(QoS::AtLeastOnce, 1)));
    }
    assert_eq!(packets(&session.ready()), 20);
    assert_eq!(packets(&session.ready()), 0);
    session.acknowledged(3);
    session.acknowledged(3);
    session.acknowledged(777);
    assert_eq!(packets(&session.ready()), 1);
    session.resume(2, Arc::default());
    assert_eq!(packets(&session.ready()), 20, "a new connection gets what is on its way again");
}

#[test]
fn packet_ids_go_round_without_meeting_one_in_use() {
    let mut session = connected(true);
    assert!(session.push(message(QoS::AtLeastOnce, 1)));
    assert_eq!(session.ready()[5..7], [0, 1]);
    for _ in 0..65_534 {
        assert!(session.push(message(QoS::AtLeastOnce, 1)));
        let sent = session.ready();
        session.acknowledged(u16::from_be_bytes([sent[5], sent[6]]));
    }
    assert!(session.push(message(QoS::AtLeastOnce, 1)));
    assert_eq!(session.ready()[5..7], [0, 2], "1 is still on its way, 0 is none");
}

#[test]
fn filters_end() {
    let mut session = connected(true);
    for n in 0..100 {
        assert!(session.subscribe(&n.to_string(), QoS::AtMostOnce));
    }
    assert!(!session.subscribe("one/more", QoS::AtMostOnce));
    assert!(session.subscribe("7", QoS::AtLeastOnce), "one that is there is replaced");
}

#[test]
fn sessions_end_and_make_room() {
    let (realms, stats) = (Realms::new(100), Arc::new(DoorStats::default()));
    let owner = || Owner::Realm("r".to_owned());
    let join = |client_id: &str, clean| realms.join(owner(), "r".to_owned(), client_id, clean, &stats);
    let mut members: Vec<_> = (0..100).map(|n| join(&n.to_string(), n % 2 == 0).unwrap().0).collect();
    assert!(join("one more", true).is_none());
    assert!(join("7", false).is_some_and(|(_, present)| present), "one that is there is taken up");
    members.drain(..).for_each(|member| member.leave(None));
    assert_eq!((0..100).filter(|n| join(&n.to_string(), false).unwrap().1).count(), 50, "clean ones are forgotten");
    let other = realms.join(Owner::Realm("other".to_owned()), "other".to_owned(), "7", false, &stats).unwrap();
    assert!(!other.1, "realms share nothing");
}

#[test]
fn retained_messages_end() {
    let (mut namespace, stats) = (Namespace::default(), DoorStats::default());
    for n in 0..1001 {
        namespace.publish(n.to_string(), Bytes::from_static(b"x"), QoS::AtMostOnce, true, &stats);
    }
    assert_eq!(stats.refused(Refused::Retain), 1);
    namespace.publish("7".to_owned(), Bytes::from_static(b"y"), QoS::AtMostOnce, true, &stats);
    namespace.publish("8".to_owned(), Bytes::new(), QoS::AtMostOnce, true, &stats);
    namespace.publish("new".to_owned(), Bytes::from_static(b"z"), QoS::AtMostOnce, true, &stats);
    assert_eq!(stats.refused(Refused::Retain), 1);
}
