# Comparing classes.
compare-title = Compare classes
compare-choose = What is compared?
compare-none = Nobody has measured yet. As soon as there are two lessons or releases with the same template, they can be compared here.
compare-template = Template
compare-template-of =
    { $n ->
        [one] { $title } (1 class)
       *[other] { $title } ({ $n } classes)
    }
compare-lessons = Lessons, with a name for the class
compare-name-of = Name of the class: { $when }
compare-runs = still running
compare-two = Choose at least two classes.
compare-only-one = There is only one class of this template. Lessons and releases of the same template compare.
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
compare-releases = Releases of schools, with a name for the class
compare-releases-how = What you and other schools shared. The signature was checked: nothing was changed. Whether you believe the source is said on the page
compare-release = Release
compare-shared = { $school }, week { $week }
compare-results =
    { $n ->
        [one] 1 result
       *[other] { $n } results
    }
compare-trust-own = shared by this hub
compare-trust-known = known source: { $source }
compare-trust-subscribed = fetched, key named by the operator
compare-trust-accepted = unknown source, accepted by you
compare-trust-unknown = unknown source
compare-not-used = not used
compare-not-here = not comparable here: the template is missing
compare-gone = not here any more
compare-origin = Where from
compare-here = lesson of this hub
compare-here-open = lesson of this hub; the lesson is still open, so this may change
compare-across = Does the result depend on something?
compare-across-how = Enter a number that you know of each class: its latitude, its height above the sea. From four classes on the hub says whether the result rises or falls with it.
compare-across-name = What the number is
compare-across-unit = Unit
compare-across-values = The number of each class
compare-across-table = The classes and the line
compare-above = Above the line
