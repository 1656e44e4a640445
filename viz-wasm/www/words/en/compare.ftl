# Comparing classes.
compare-title = Compare classes
compare-choose = What is compared?
compare-none = Nobody has measured yet. As soon as two lessons with the same template have results, they can be compared here.
compare-template = Template
compare-template-of =
    { $n ->
        [one] { $title } (1 lesson)
       *[other] { $title } ({ $n } lessons)
    }
compare-lessons = Lessons, with a name for the class
compare-name-of = Name of the class: { $when }
compare-runs = still running
compare-two = Choose at least two lessons.
compare-only-one = There is only one lesson of this template. Lessons of the same template compare.
compare-most = No more than { $n } classes can be compared at once.
compare-view = Figure
compare-view-strip = All results
compare-view-box = Box plot
compare-view-histogram = Histogram
compare-view-difference = Differences
compare-numbers = The classes: { $name }, unit { $unit }
compare-class = Class
compare-n = Results
compare-mean = Mean ± standard error
compare-sd = Scatter of one result
compare-left-out = Do not count
compare-waiting = Without a result yet
compare-differences = The difference of the means
compare-differences-corrected = The differences of the means, corrected for the number of pairs
compare-pair = Pair
compare-difference = Difference
compare-leeway = Leeway
compare-p = By chance alone (p)
compare-below = below { $value }
compare-verdict = Verdict
compare-excluded = What does not count
compare-decided = How the verdict comes about
compare-assumed = What must hold for it
