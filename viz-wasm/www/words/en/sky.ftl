# The sky: satellites and the Sun over the school.
sky-title = The sky over the school
sky-satellite = Satellite
sky-simulated = { $name } (simulated)
sky-made-up = { $name } is made up: there is no such satellite. Place and passes are computed for practice; there is nothing to see in the sky.
sky-made-up-short = simulated
sky-none = There are no orbital elements yet
sky-none-how = This page computes where the ISS is from its orbital elements. A teacher uploads them, best anew each week. If a feed is set up, the hub fetches them by itself.
sky-to-enter = Enter elements
sky-old = The elements of { $name } are { $age } old
sky-old-ahead = The elements of { $name } are for a time in { $age }
sky-old-how = Beyond seven days, places and times may be wrong by minutes.
sky-far-how = Beyond 30 days the place is right only by and large, and passes cannot be told any more.
sky-old-visitor = A teacher can enter new ones.
sky-old-teacher = What to do: fetch new elements, for example from celestrak.org, and upload them here. If a feed should fetch them, it is failing just now.
problem-no-position = From these elements no place can be computed any more: they are too old, or the satellite has burnt up. New elements help.
problem-sky-question = A day lies between 1900 and 2100.
sky-placeless = The hub does not know yet where the school stands. Passes and times of the Sun are here as soon as a teacher has entered the place.
sky-to-place = Enter the place
# Where it is now.
sky-now = { $name } now
sky-age = Elements: { $age } old
sky-age-ahead = Elements: for a time in { $age }
sky-roughly = place only by and large
sky-hours =
    { $n ->
        [one] 1 hour
       *[other] { $n } hours
    }
sky-days = { $n } days
sky-whole-days =
    { $n ->
        [one] 1 day
       *[other] { $n } days
    }
sky-over = Over
sky-height = Height
sky-speed = Speed
sky-speeds = { $speed } ({ $hour })
sky-course = Flies to the
sky-period = One orbit
sky-light = Light
sky-lit = in sunlight
sky-shadow = in the Earth's shadow
sky-look = From the school
sky-below = below the horizon
sky-above = { $elevation } high in the { $direction }
sky-under = { $elevation } below the horizon in the { $direction }
sky-range = Distance
sky-north = N
sky-south = S
sky-east = E
sky-west = W
sky-towards =
    { $at ->
        [NNE] north-north-east
        [NE] north-east
        [ENE] east-north-east
        [E] east
        [ESE] east-south-east
        [SE] south-east
        [SSE] south-south-east
        [S] south
        [SSW] south-south-west
        [SW] south-west
        [WSW] west-south-west
        [W] west
        [WNW] west-north-west
        [NW] north-west
        [NNW] north-north-west
       *[N] north
    }
# Passes.
sky-passes = Passes
sky-passes-how = Listed is what rises at least 10° above the horizon, and from when to when it stands higher than 10°: further down, houses and trees hide much. Times a week ahead may be wrong by minutes. A satellite can be seen when it is dark on the ground and the Sun still shines on it up there. Of clouds and houses the hub knows nothing.
sky-pass = { $day }, { $time }
sky-pass-over = { $day }, { $time } (over)
sky-pass-rise = Above 10°
sky-pass-highest = Highest
sky-pass-set = Below 10°
sky-visible = To be seen from { $from } to { $to }
sky-unseen-bright = Not to be seen: the sky is bright
sky-unseen-shadow = Not to be seen: in the Earth's shadow
sky-was-visible = Was to be seen from { $from } to { $to }
sky-was-unseen-bright = Was not to be seen: the sky was bright
sky-was-unseen-shadow = Was not to be seen: in the Earth's shadow
sky-visible-only = Only those that can be seen, for the next { $n } days
sky-over-passes = Over: in the last 24 hours ({ $n })
sky-pass-next = To the next pass. { $name } comes in the { $direction } and climbs to { $high }
sky-pass-on = { $name } is in the sky, up to { $high } high, and goes down in the { $direction }. It stays for
sky-no-pass = In the next { $n } days { $name } does not rise above 10° here.
sky-never-pass = { $name } never rises above 10° here.
sky-withheld = Passes are not told: the elements of { $name } are { $age } away from today. Beyond 30 days times are of no use any more.
sky-next-visible = By eye the next time: { $day }, { $time }
sky-none-visible = Not to be seen by eye in the next { $n } days.
# The Sun.
sky-sun = Sun
sky-date = Day
sky-sunrise = Sunrise
sky-sunset = Sunset
sky-event = { $time } in the { $direction }
sky-never = none
sky-day-length = Length of the day
sky-noon = Highest stand
sky-noon-at = { $time }, { $height }
sky-noon-above = { $elevation } high
sky-noon-under = { $elevation } below the horizon
sky-twilight = Bright enough outdoors
sky-from-to = { $from } to { $to }
sky-sun-now = Now
sky-polar-day = Polar day: the Sun does not set.
sky-polar-night = Polar night: the Sun does not rise.
sky-sun-how = Sunrise is when the upper rim of the Sun appears on a free horizon. Mountains and houses shift that.
sky-day-of-year = Day of the year
sky-here = School
sky-beside = To compare
sky-beside-none = no place
sky-beside-svalbard = Svalbard (78° N)
sky-beside-rome = Rome (42° N)
sky-beside-quito = Quito (0°)
sky-beside-windhoek = Windhoek (23° S)
sky-beside-ushuaia = Ushuaia (55° S)
# What a teacher enters.
sky-enter = For teachers: elements and place
sky-stranger = A teacher enters elements and place.
sky-sign-in = Sign in
sky-elements = Orbital elements
sky-elements-how = OMM as JSON, or two-line elements (TLE). Without a feed the hub does not fetch them by itself. This address gives those of the ISS; open it, copy everything and paste it here.
sky-elements-paste = Pasted
sky-elements-take = Take over
sky-elements-file = Choose a file
sky-elements-empty = Paste the elements or choose a file.
sky-elements-wrong = These are no elements that can be read. The hub says: { $detail }
sky-elements-taken =
    { $n ->
        [one] 1 satellite taken over.
       *[other] { $n } satellites taken over.
    }
sky-elements-older =
    { $n ->
        [one] Of one the hub has newer elements already; they stay.
       *[other] Of { $n } the hub has newer elements already; they stay.
    }
sky-known = { $name } (number { $norad }), { $age } old, { $source }
sky-source-teacher = from a teacher
sky-source-demo = from the demo
sky-source-feed = from the feed { $host }
sky-remove = Remove
sky-remove-of = Remove { $name }
sky-school = Place of the school
sky-school-how = In degrees with a comma or a point: northern latitude and eastern longitude positive, southern and western with a minus. Everybody can then read the place on this page.
sky-school-name = Name on the map
sky-school-latitude = Latitude in °
sky-school-longitude = Longitude in °
sky-school-elevation = Height above the sea in m
sky-school-zone = Time zone
sky-school-save = Save
sky-school-forget = Delete
sky-school-numbers = Latitude and longitude are numbers in degrees, such as 54.3 and 10.1. The height is a number in metres or stays empty.
sky-school-wrong = The place cannot be so. The hub says: { $detail }
sky-school-saved = Saved.
sky-school-forgotten = Deleted.
