mod samples;
use messwerk_lessons::analysis::*;
#[test]
fn look() {
    let range = PeriodRange { min_s: 0.5, max_s: 3.0 };
    let run = samples::saved_gyroscope("phyphox_csv/pendulum/pendulum_saved_state.phyphox").unwrap();
    show(&run, range, "pendulum");
    for m in ["190", "253", "278", "342"] {
        let run = samples::csv(&format!("phyphox_csv/spring_masses/Dinam_{m}g.csv")).unwrap();
        show(&run, PeriodRange { min_s: 0.2, max_s: 2.0 }, m);
    }
    let run = samples::csv("phyphox_csv/spring_masses/Raw Data.csv").unwrap();
    show(&run, PeriodRange { min_s: 0.2, max_s: 2.0 }, "raw");
    let run = samples::csv("phyphox_csv/spring_masses/Datos_Resorte.csv").unwrap();
    show(&run, PeriodRange { min_s: 0.2, max_s: 2.0 }, "datos");
    let run = samples::csv("phyphox_csv/rest/Raw Data.csv").unwrap();
    let s = &run.streams[0];
    let a: Vec<f64> = (0..s.time.len()).map(|i| (s.x[i]*s.x[i]+s.y[i]*s.y[i]+s.z[i]*s.z[i]).sqrt()).collect();
    println!("{:?} {:?}", longest_still(&s.time, &a, 0.1), mean(&a, resolution(&s.x)));
    println!("{:x}", self_test());
}
fn show(run: &messwerk_lessons::template::RunData, range: PeriodRange, name: &str) {
    let s = &run.streams[0];
    let c = [&s.x[..], &s.y, &s.z];
    let swing = longest_swing(&s.time, c, range);
    println!("{name}: {swing:?} of {} {}", s.time.len(), s.time[s.time.len()-1]);
    if let Ok(swing) = swing {
        let (t, v) = swing.readings(&s.time, c);
        let p = period(t, &v, range);
        println!("  {p:?}");
        println!("  {:?}", damped_sinusoid(t, &v, p.unwrap().period.value));
        println!("  y {:?}", damped_sinusoid(t, &s.y[swing.first..swing.end], p.unwrap().period.value));
        println!("  all {:?}", damped_sinusoid(&s.time, &project(c, swing.axis), p.unwrap().period.value));
    }
}
