//! Over the real store: hot, sealed and both.

use messwerk_lessons::observation::{Readings, SenderClock};
use messwerk_store::{Clock, Entry, Options, Store, Submission, SystemClock};

use super::*;
use crate::{AggregateSpec, ObservationSpec, Scope, Window};

fn swing(thing: u64, from: i64, to: i64) -> Entry {
    let column = |phase: f32| (from..to).map(|row| (row as f32 / 20.0 + phase).sin()).collect::<Vec<f32>>();
    let times = (from..to).map(|row| row * 10_000).collect();
    let readings = Readings::new(GYR, times, column(0.0), column(1.0), column(2.0)).unwrap();
    let clock = SenderClock::Offset { offset: T0, uncertainty: 1_000 };
    Entry::Readings(Submission {
        lesson: LESSON,
        thing: ThingId(thing),
        readings,
        key: None,
        clock,
        received: T0 + to * 10_000,
        max_hz: 0.0,
    })
}

#[test]
fn sealing_changes_no_answer() {
    let directory = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::open(directory.path(), Options::default(), Arc::new(SystemClock) as Arc<dyn Clock>).unwrap());
    let engine = Engine::new(Arc::clone(&store), EngineOptions::default()).unwrap();
    let scope = Scope::lesson(LESSON);
    let all = || async {
        let wide = ObservationSpec { width: Some(50), ..Default::default() };
        [
            csv(engine.observations(&scope, &Default::default()).await).await,
            csv(engine.observations(&scope, &wide).await).await,
            csv(engine.aggregates(&scope, &AggregateSpec::new(GYR, Window::SECOND)).await).await,
        ]
    };
    block_on(async {
        for part in 0..4 {
            let entries = (1..4).map(|thing| swing(thing, part * 250, part * 250 + 250)).collect();
            store.append(entries).await.unwrap().committed().await.unwrap();
        }
        let hot = all().await;
        assert_eq!(hot[0].lines().count(), 1 + 3 * 1000);
        assert_eq!(hot[2].lines().count(), 1 + 3 * 10 * 4);
        store.seal(None).await.unwrap();
        assert!(store.snapshot().hot.is_empty());
        assert_eq!(all().await, hot);
        store.append(vec![swing(2, 1000, 1100)]).await.unwrap().committed().await.unwrap();
        let both = all().await;
        assert_eq!(both[0].lines().count(), 1 + 3 * 1000 + 100);
        store.seal(None).await.unwrap();
        assert_eq!(all().await, both);
        assert_eq!(engine.latest(&Scope::thing(LESSON, ThingId(2))).len(), 1);
        store.erase(LESSON, Some(ThingId(2))).await.unwrap();
        let left = all().await;
        assert!(left.iter().all(|answer| !answer.contains(&ThingId(2).to_string())), "an erased thing is in no answer");
        assert_eq!(left[0].lines().count(), 1 + 2 * 1000);
        store.close().await.unwrap();
    });
}
