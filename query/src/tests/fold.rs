use std::ops::ControlFlow;

use super::*;
use crate::{ColumnSpec, Scope};

#[test]
fn a_thing_s_readings_come_as_columns_in_the_order_of_their_times() {
    let sealed = vec![vec![scalar(1, 30, 3.0), scalar(1, 10, 1.0), scalar(2, 5, 9.0)], vec![scalar(1, 20, 2.0)]];
    let class = class(&sealed, &[vec![scalar(1, 40, 4.0), scalar(1, 0, 0.0)]]);
    let ask = |spec: ColumnSpec, most: usize| {
        let take = move |found: &mut Vec<(Micros, f32)>, times: &[Micros], values: &[f32]| {
            found.extend(times.iter().map(|time| time - T0).zip(values.iter().copied()));
            if found.len() >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        block_on(class.engine.fold(&Scope::lesson(LESSON), &spec, &Vec::new(), take))
    };
    let spec = |from: Micros, to: Micros| ColumnSpec { thing: ThingId(1), property: PRES, from: T0 + from, to: T0 + to };
    let (all, missing) = ask(spec(0, 41), usize::MAX).unwrap();
    assert_eq!(all, [(0, 0.0), (10, 1.0), (20, 2.0), (30, 3.0), (40, 4.0)]);
    assert!(missing.is_empty());
    assert_eq!(ask(spec(10, 30), usize::MAX).unwrap().0, [(10, 1.0), (20, 2.0)]);
    assert!(ask(spec(0, 41), 1).unwrap().0.len() <= 5);
    assert!(ask(spec(30, 10), 1).is_err());
    assert!(ask(ColumnSpec { property: GYR, ..spec(0, 41) }, 1).unwrap().0.is_empty());
    let other = Scope::thing(LESSON, ThingId(2));
    assert!(block_on(class.engine.fold(&other, &spec(0, 41), &(), |(), _, _| ControlFlow::Continue(()))).is_err());
}
